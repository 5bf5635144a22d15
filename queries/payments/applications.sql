-- What:    The invoices a payment, credit or return was set against.
-- Grain:   one row per application, the newest first; none outside the person's scope.
-- Params:  $sees_all BOOLEAN  true for somebody with all clients
--          $staff_id KEY      else only clients where this person is partner or manager
--          $receipt_id KEY    the entry
--          $today DATE        the firm's day, for the status
-- Units:   *_cents whole cents; applied_cents positive reduces what is owed.
-- Source:  applications, receipt_list, invoice_list
-- Ties to: payments/payment (sum of applied_cents)
select
    applications.application_id,
    applications.invoice_id::varchar as invoice_id,
    invoice_list.invoice_number,
    case
        when invoice_list.is_void then 'Void'
        when invoice_list.outstanding_cents <= 0 then 'Paid'
        when invoice_list.due_key < $today then 'Overdue'
        else 'Open'
    end as status,
    invoice_list.invoice_date,
    invoice_list.due_date,
    applications.applied_date,
    invoice_list.amount_cents,
    applications.amount_cents as applied_cents,
    greatest(invoice_list.outstanding_cents, 0)::bigint as outstanding_cents,
    receipt_list.currency
from applications
inner join receipt_list
    on applications.receipt_id = receipt_list.receipt_id
left join shown.invoice_list
    on applications.invoice_id = invoice_list.invoice_id
where
    applications.receipt_id = $receipt_id
    and ($sees_all or receipt_list.partner_id = $staff_id or receipt_list.manager_id = $staff_id)
order by
    applications.applied_date desc,
    applications.application_id desc
