-- order: page.name_rank asc, page.invoice_id asc
select
    invoice_list.*,
    client_rank.name_rank
from invoice_list
inner join client_rank on invoice_list.client_id = client_rank.client_id
where invoice_list.rowid in (
    select invoice_list.rowid
    from invoice_list
    inner join client_rank on invoice_list.client_id = client_rank.client_id
    where not invoice_list.is_void
    order by client_rank.name_rank asc, invoice_list.invoice_id asc
    limit 100 offset $start
)
