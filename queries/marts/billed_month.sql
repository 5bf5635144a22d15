-- What:    What was billed each month, for whose clients.
-- Grain:   signed rows; sums by month, partner, manager, office and currency are the state.
-- Units:   amount_cents whole cents; month is its first day; void invoices do not count.
-- Source:  signed_invoices
select
    date_trunc('month', signed_invoices.invoice_date)::date as month,
    signed_invoices.partner_id,
    signed_invoices.manager_id,
    signed_invoices.office,
    signed_invoices.currency,
    sum(signed_invoices.sign)::bigint as invoice_count,
    sum(signed_invoices.sign * signed_invoices.amount_cents)::bigint as amount_cents
from signed_invoices
where not signed_invoices.is_void
group by
    date_trunc('month', signed_invoices.invoice_date)::date,
    signed_invoices.partner_id,
    signed_invoices.manager_id,
    signed_invoices.office,
    signed_invoices.currency
having
    sum(signed_invoices.sign) <> 0
    or sum(signed_invoices.sign * signed_invoices.amount_cents) <> 0
