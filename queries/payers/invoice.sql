-- What:    One invoice as its payer sees it.
-- Grain:   one row; none for a void invoice, a debit memo, or one of a client that is left out.
-- Params:  $invoice_id KEY  the invoice
-- Units:   *_cents whole cents.
-- Source:  invoice_list, engagements
select
    invoice_list.invoice_id::varchar as invoice_id,
    invoice_list.client_id::varchar as client_id,
    invoice_list.invoice_number,
    invoice_list.invoice_date,
    invoice_list.due_date,
    invoice_list.currency,
    invoice_list.amount_cents,
    greatest(invoice_list.outstanding_cents, 0)::bigint as open_cents,
    coalesce(engagements.engagement_name, '') as engagement_name
from invoice_list
left join engagements
    on invoice_list.engagement_id = engagements.engagement_id
where
    invoice_list.invoice_id = $invoice_id
    and not invoice_list.is_void
    and invoice_list.entry_kind <> 'debit_memo'
order by invoice_list.invoice_id
