-- order: page.invoice_date desc, page.invoice_id desc
select invoice_list.*
from invoice_list
where not invoice_list.is_void
order by invoice_list.invoice_date desc, invoice_list.invoice_id desc
limit 100 offset $start
