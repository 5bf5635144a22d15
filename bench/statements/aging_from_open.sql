-- What is owed today per partner, from the mart of open invoices: the least that can be read.
select
    staff.full_name as group_name,
    sum(open_invoices.outstanding_cents)::bigint as outstanding_cents,
    sum(open_invoices.outstanding_cents) filter (where $as_of - open_invoices.due_date <= 0) as not_due_cents,
    sum(open_invoices.outstanding_cents) filter (where $as_of - open_invoices.due_date between 1 and 30) as b1_cents,
    sum(open_invoices.outstanding_cents) filter (where $as_of - open_invoices.due_date between 31 and 60) as b2_cents,
    sum(open_invoices.outstanding_cents) filter (where $as_of - open_invoices.due_date between 61 and 90) as b3_cents,
    sum(open_invoices.outstanding_cents) filter (where $as_of - open_invoices.due_date between 91 and 120) as b4_cents,
    sum(open_invoices.outstanding_cents) filter (where $as_of - open_invoices.due_date > 120) as b5_cents,
    sum(open_invoices.outstanding_cents) filter (where open_invoices.due_date is null) as no_due_date_cents
from open_invoices
left join staff on open_invoices.partner_id = staff.staff_id
where open_invoices.invoice_date <= $as_of
group by staff.full_name
order by outstanding_cents desc
