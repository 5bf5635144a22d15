-- The invoices list as a file: its visible columns, all rows, in the list's own order.
select
    case
        when invoice_list.is_void then 'Void'
        when invoice_list.outstanding_cents <= 0 then 'Paid'
        when invoice_list.due_key < $today then 'Overdue'
        else 'Open'
    end as status,
    invoice_list.invoice_number,
    clients.client_name,
    clients.client_number,
    invoice_list.invoice_date,
    $today - invoice_list.invoice_date as invoice_age,
    invoice_list.due_date,
    invoice_list.amount_cents::decimal(15, 0) * 0.01::decimal(3, 2) as amount,
    greatest(invoice_list.outstanding_cents, 0)::decimal(15, 0) * 0.01::decimal(3, 2) as outstanding
from invoice_list
inner join clients on invoice_list.client_id = clients.client_id
where not invoice_list.is_void and invoice_list.invoice_date >= $since
order by invoice_list.invoice_date desc, invoice_list.invoice_id desc
