-- What:    What has been set against an invoice: payments, credits, write-offs, and their returns.
-- Grain:   one row per application, the newest first; none outside the person's scope.
-- Params:  $sees_all BOOLEAN  true for somebody with all clients
--          $staff_id KEY      else only clients where this person is partner or manager
--          $invoice_id KEY    the invoice
-- Units:   *_cents whole cents, positive reduces what is owed.
-- Source:  applications, invoice_list, receipt_list
-- Ties to: invoices/invoice (sum of applied_cents)
select
    applications.application_id,
    applications.receipt_id::varchar as receipt_id,
    applications.applied_date,
    case receipt_list.entry_kind
        when 'payment' then 'Payment'
        when 'credit_memo' then 'Credit memo'
        when 'write_off' then 'Write-off'
        when 'refund' then 'Refund'
        when 'return' then 'Return'
        when 'reversal' then 'Reversal'
    end as entry_kind,
    receipt_list.method,
    receipt_list.reference,
    receipt_list.receipt_date,
    receipt_list.amount_cents,
    applications.amount_cents as applied_cents,
    invoice_list.currency
from applications
inner join invoice_list
    on applications.invoice_id = invoice_list.invoice_id
left join receipt_list
    on applications.receipt_id = receipt_list.receipt_id
where
    applications.invoice_id = $invoice_id
    and ($sees_all or invoice_list.partner_id = $staff_id or invoice_list.manager_id = $staff_id)
order by
    applications.applied_date desc,
    applications.application_id desc
