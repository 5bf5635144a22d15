-- order: greatest(page.outstanding_cents, 0) desc, page.invoice_id desc
select invoice_list.*
from invoice_list
where not invoice_list.is_void
order by greatest(invoice_list.outstanding_cents, 0) desc, invoice_list.invoice_id desc
limit 100 offset $start
