-- What:    Invoices and receipts of a client that the source does not have.
-- Grain:   one row per orphaned entry.
-- Source:  invoices, receipts, clients, left_out_clients
with

entries as (

    select
        'invoice' as entry,
        invoices.invoice_id::varchar as entry_id,
        invoices.client_id::varchar as client_id
    from invoices
    union all
    select
        'receipt' as entry,
        receipts.receipt_id::varchar as entry_id,
        receipts.client_id::varchar as client_id
    from receipts

),

known as (

    select clients.client_id::varchar as client_id
    from clients
    union all
    select left_out_clients.client_id
    from left_out_clients

)

select
    entries.entry,
    entries.entry_id,
    entries.client_id
from entries
anti join known
    on entries.client_id = known.client_id
where entries.entry_id is not null
order by
    entries.entry,
    entries.entry_id
