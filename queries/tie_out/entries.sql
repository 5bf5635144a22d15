-- What:    Entries of clients that differ, where the portal and the source do not say the same.
-- Grain:   one row per client, entry and currency that differs; largest first.
-- Units:   *_cents whole cents, positive is owed.
-- Source:  invoices, receipts; differing_clients, control_entries (temporary tables of a tie-out)
-- Ties to: differences.sql, per client, where the portal's own sums are right
with

entries as (

    select
        invoices.client_id::varchar as client_id,
        invoices.invoice_id::varchar as entry_id,
        invoices.invoice_number as entry_number,
        invoices.currency,
        invoices.amount_cents as net_cents
    from invoices
    where not invoices.is_void
    union all
    select
        receipts.client_id::varchar as client_id,
        receipts.receipt_id::varchar as entry_id,
        receipts.reference as entry_number,
        receipts.currency,
        -receipts.amount_cents as net_cents
    from receipts

),

portal_entries as (

    select
        entries.client_id,
        entries.entry_id,
        any_value(entries.entry_number) as entry_number,
        entries.currency,
        sum(entries.net_cents)::bigint as net_cents
    from entries
    where entries.client_id in (select differing_clients.client_id from differing_clients)
    group by entries.client_id, entries.entry_id, entries.currency

)

select
    coalesce(portal_entries.client_id, control_entries.client_id) as client_id,
    coalesce(portal_entries.entry_id, control_entries.entry_id) as entry_id,
    coalesce(control_entries.entry_number, portal_entries.entry_number, '') as entry_number,
    coalesce(portal_entries.currency, control_entries.currency) as currency,
    coalesce(portal_entries.net_cents, 0) as portal_cents,
    coalesce(control_entries.net_cents, 0) as source_cents,
    case
        when control_entries.entry_id is null then 'Only the portal has it.'
        when portal_entries.entry_id is null then 'Only the source has it.'
        else 'Another amount.'
    end as reason
from portal_entries
full outer join control_entries
    on
        portal_entries.client_id = control_entries.client_id
        and portal_entries.entry_id = control_entries.entry_id
        and portal_entries.currency = control_entries.currency
where coalesce(portal_entries.net_cents, 0) <> coalesce(control_entries.net_cents, 0)
order by
    abs(coalesce(portal_entries.net_cents, 0) - coalesce(control_entries.net_cents, 0)) desc,
    client_id asc,
    entry_id asc
