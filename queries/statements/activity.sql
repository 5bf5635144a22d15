-- What:    What happened on a client's account in one currency, for a statement between two days.
-- Grain:   one row per invoice or entry up to the last day; void invoices are left out.
-- Params:  $client_id KEY    the client
--          $currency VARCHAR  the statement's currency
--          $until DATE       last day of the statement
-- Units:   *_cents whole cents; charge raises what is owed, credit lowers it.
-- Source:  invoice_list, receipt_list
select
    entries.entry_date,
    entries.text,
    greatest(entries.signed_cents, 0)::bigint as charge_cents,
    greatest(-entries.signed_cents, 0)::bigint as credit_cents
from (
    select
        invoice_list.invoice_date as entry_date,
        concat(
            case invoice_list.entry_kind
                when 'service_charge' then 'Service charge '
                when 'debit_memo' then 'Debit memo '
                else 'Invoice '
            end,
            invoice_list.invoice_number
        ) as text,
        invoice_list.amount_cents as signed_cents,
        0 as place,
        invoice_list.invoice_id::varchar as entry_id
    from invoice_list
    where
        invoice_list.client_id = $client_id
        and invoice_list.currency = $currency
        and not invoice_list.is_void
    union all
    select
        receipt_list.receipt_date as entry_date,
        concat_ws(
            ' ',
            case receipt_list.entry_kind
                when 'payment' then 'Payment'
                when 'credit_memo' then 'Credit memo'
                when 'write_off' then 'Write-off'
                when 'refund' then 'Refund'
                when 'return' then 'Return'
                when 'reversal' then 'Reversal'
            end,
            receipt_list.reference
        ) as text,
        -receipt_list.amount_cents as signed_cents,
        1 as place,
        receipt_list.receipt_id::varchar as entry_id
    from receipt_list
    where
        receipt_list.client_id = $client_id
        and receipt_list.currency = $currency
) as entries
where entries.entry_date <= $until
order by
    entries.entry_date asc,
    entries.place asc,
    entries.entry_id asc
