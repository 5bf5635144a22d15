-- What:    The invoices with one of these numbers, for matching received documents.
-- Grain:   one row per invoice of a client the firm shows.
-- Params:  $numbers VARCHAR[]  numbers in capitals, as they stood in a name or a subject
-- Source:  invoice_list
select
    invoice_list.invoice_id::varchar as invoice_id,
    invoice_list.invoice_number
from invoice_list
where upper(trim(invoice_list.invoice_number)) in (select unnest($numbers::varchar[]))
order by
    invoice_list.invoice_number asc,
    invoice_list.invoice_id asc
