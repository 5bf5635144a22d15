-- What:    Clients with an open invoice that is due, or was made, on one of some days.
-- Grain:   one row per client.
-- Params:  $due_days DATE[]  due dates looked for
--          $invoice_days DATE[]  invoice dates looked for
-- Source:  open_invoices
select distinct open_invoices.client_id::varchar as client_id
from open_invoices
where
    open_invoices.due_date in (select unnest($due_days::date[]))
    or open_invoices.invoice_date in (select unnest($invoice_days::date[]))
order by client_id asc
