-- What:    Open invoices that are not as they were last recorded in the store.
-- Grain:   one row per invoice.
-- Units:   *_cents whole cents.
-- Source:  open_invoices, store.recorded_balances, invoice_list
with

changed as (

    select
        open_invoices.invoice_id,
        open_invoices.client_id,
        open_invoices.entry_kind,
        open_invoices.invoice_date,
        open_invoices.due_date,
        open_invoices.currency,
        open_invoices.outstanding_cents,
        open_invoices.is_disputed,
        open_invoices.partner_id,
        open_invoices.manager_id
    from open_invoices
    except
    select
        recorded_balances.invoice_id,
        recorded_balances.client_id,
        recorded_balances.entry_kind,
        recorded_balances.invoice_date,
        recorded_balances.due_date,
        recorded_balances.currency,
        recorded_balances.outstanding_cents,
        recorded_balances.is_disputed,
        recorded_balances.partner_id,
        recorded_balances.manager_id
    from store.recorded_balances

)

select
    changed.invoice_id::varchar as invoice_id,
    changed.client_id::varchar as client_id,
    coalesce(invoice_list.invoice_number, '') as invoice_number,
    coalesce(changed.entry_kind, 'invoice') as entry_kind,
    coalesce(changed.invoice_date, changed.due_date, date '1970-01-01') as invoice_date,
    changed.due_date,
    changed.currency,
    invoice_list.amount_cents,
    changed.outstanding_cents as open_cents,
    coalesce(changed.is_disputed, false) as is_disputed,
    changed.partner_id::varchar as partner_id,
    changed.manager_id::varchar as manager_id
from changed
inner join invoice_list
    on changed.invoice_id = invoice_list.invoice_id
