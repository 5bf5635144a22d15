-- What:    Everything some clients still owe.
-- Grain:   one row per open invoice.
-- Params:  $clients VARCHAR[]  the clients
-- Units:   outstanding_cents whole cents.
-- Source:  open_invoices, invoice_list
-- Ties to: lists/clients (sum of outstanding_cents)
select
    open_invoices.client_id::varchar as client_id,
    open_invoices.invoice_id::varchar as invoice_id,
    invoice_list.invoice_number,
    open_invoices.invoice_date,
    open_invoices.due_date,
    open_invoices.currency,
    open_invoices.outstanding_cents,
    open_invoices.is_disputed
from open_invoices
inner join invoice_list
    on open_invoices.invoice_id = invoice_list.invoice_id
where open_invoices.client_id::varchar in (select unnest($clients::varchar[]))
order by
    open_invoices.client_id asc,
    open_invoices.due_key asc,
    open_invoices.invoice_id asc
