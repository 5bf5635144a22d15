-- What:    Whose invoice this is.
-- Grain:   one row; none for an invoice outside the person's scope.
-- Params:  $sees_all BOOLEAN  true for somebody with all clients
--          $staff_id KEY      else only clients where this person is partner or manager
--          $invoice_id KEY    the invoice
-- Source:  invoice_list
select invoice_list.client_id::varchar as client_id
from invoice_list
where
    invoice_list.invoice_id = $invoice_id
    and ($sees_all or invoice_list.partner_id = $staff_id or invoice_list.manager_id = $staff_id)
order by client_id
