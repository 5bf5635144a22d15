-- What:    The client with this number that has an invoice with that number.
-- Grain:   one row per such client; two clients with one number are nobody's.
-- Params:  $client_number VARCHAR   as typed, without spaces around it
--          $invoice_number VARCHAR  as typed, without spaces around it
-- Source:  clients, invoice_list
select clients.client_id::varchar as client_id
from clients
where
    lower(clients.client_number) = lower($client_number)
    and exists (
        select 1
        from invoice_list
        where
            invoice_list.client_id = clients.client_id
            and lower(invoice_list.invoice_number) = lower($invoice_number)
            and not invoice_list.is_void
    )
order by clients.client_id
