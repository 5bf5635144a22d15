-- order: page.invoice_date desc, page.invoice_id desc
select invoice_list.*
from invoice_list
where invoice_list.rowid in (
    select invoice_list.rowid
    from invoice_list
    where not invoice_list.is_void
    and invoice_list.outstanding_cents > 0
    and invoice_list.due_key < $today
    and invoice_list.client_id in (
        select client_list.client_id from client_list where contains(lower(strip_accents(client_list.client_name)), $text)
    )
    order by invoice_list.invoice_date desc, invoice_list.invoice_id desc
    limit 100 offset $start
)
