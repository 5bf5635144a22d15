-- What:    Open invoices that are not as they were last recorded in the store.
-- Grain:   one row per invoice.
-- Units:   *_cents whole cents.
-- Source:  differing_balances (of balances/differing), open_invoices, invoice_list
select
    open_invoices.invoice_id::varchar as invoice_id,
    open_invoices.client_id::varchar as client_id,
    coalesce(invoice_list.invoice_number, '') as invoice_number,
    coalesce(open_invoices.entry_kind, 'invoice') as entry_kind,
    coalesce(open_invoices.invoice_date, open_invoices.due_date, date '1970-01-01')
        as invoice_date,
    open_invoices.due_date,
    open_invoices.currency,
    invoice_list.amount_cents,
    open_invoices.outstanding_cents as open_cents,
    coalesce(open_invoices.is_disputed, false) as is_disputed,
    open_invoices.partner_id::varchar as partner_id,
    open_invoices.manager_id::varchar as manager_id
from open_invoices
semi join differing_balances
    on open_invoices.invoice_id = differing_balances.invoice_id
inner join invoice_list
    on open_invoices.invoice_id = invoice_list.invoice_id
