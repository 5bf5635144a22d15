-- The count and the sums under a filtered list.
select
    count(*) as row_count,
    sum(invoice_list.amount_cents)::bigint as amount_cents,
    sum(greatest(invoice_list.outstanding_cents, 0))::bigint as outstanding_cents
from invoice_list
where
    not invoice_list.is_void
    and invoice_list.outstanding_cents > 0
    and invoice_list.due_key < $today
    and invoice_list.amount_cents > $least
    and invoice_list.client_id in (
        select client_list.client_id
        from client_list
        where contains(lower(strip_accents(client_list.client_name)), $text)
    )
