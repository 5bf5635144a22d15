-- What:    What happened on a client's account in the practice management system, newest first.
-- Grain:   one row per invoice or receipt, voided invoices too; 500 at the most.
-- Params:  $sees_all BOOLEAN   true for somebody with all clients
--          $staff_id KEY       else only clients where this person is partner or manager
--          $client_id KEY      the client
-- Units:   signed_cents whole cents, positive raises what is owed; 0 for a void invoice.
-- Source:  invoice_list, receipt_list
with

entries as (

    select
        'invoice' as page,
        invoice_list.invoice_id::varchar as entry_id,
        invoice_list.invoice_date as entry_date,
        case
            when invoice_list.is_void then 'Void invoice'
            when invoice_list.entry_kind = 'service_charge' then 'Service charge'
            when invoice_list.entry_kind = 'debit_memo' then 'Debit memo'
            else 'Invoice'
        end as entry_kind,
        invoice_list.invoice_number as document,
        invoice_list.amount_cents,
        case when invoice_list.is_void then 0 else invoice_list.amount_cents end as signed_cents,
        invoice_list.currency,
        invoice_list.partner_id,
        invoice_list.manager_id
    from invoice_list
    where invoice_list.client_id = $client_id
    union all
    select
        'payment' as page,
        receipt_list.receipt_id::varchar as entry_id,
        receipt_list.receipt_date as entry_date,
        case receipt_list.entry_kind
            when 'payment' then 'Payment'
            when 'credit_memo' then 'Credit memo'
            when 'write_off' then 'Write-off'
            when 'refund' then 'Refund'
            when 'return' then 'Return'
            when 'reversal' then 'Reversal'
        end as entry_kind,
        concat_ws(' ', receipt_list.method, receipt_list.reference) as document,
        receipt_list.amount_cents,
        -receipt_list.amount_cents as signed_cents,
        receipt_list.currency,
        receipt_list.partner_id,
        receipt_list.manager_id
    from receipt_list
    where receipt_list.client_id = $client_id

)

select
    concat(entries.page, '-', entries.entry_id) as row_id,
    entries.entry_date,
    entries.entry_kind,
    entries.document,
    entries.amount_cents,
    entries.signed_cents,
    entries.currency
from entries
where $sees_all or entries.partner_id = $staff_id or entries.manager_id = $staff_id
order by
    entries.entry_date desc,
    entries.page desc,
    entries.entry_id desc
limit 500
