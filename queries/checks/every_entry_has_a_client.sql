-- What:    Invoices and receipts of a client the source does not have.
-- Grain:   one row per orphaned entry.
-- Source:  invoices, receipts, clients, the source's own clients as mirrored
select
    'invoice' as entry,
    invoices.invoice_id::varchar as entry_id,
    invoices.client_id::varchar as client_id
from invoices
where invoices.client_id is null
union all
select
    'receipt' as entry,
    receipts.receipt_id::varchar as entry_id,
    receipts.client_id::varchar as client_id
from receipts
where receipts.client_id is null
order by
    entry,
    entry_id
