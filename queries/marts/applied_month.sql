-- What:    What was applied to invoices each month, for whose clients.
-- Grain:   signed rows; sums by month, partner, manager, office and currency are the state.
-- Units:   amount_cents whole cents; month is the first day of the month of applied_date.
-- Source:  signed_applications (applications with the ownership of their invoice)
select
    date_trunc('month', signed_applications.applied_date)::date as month,
    signed_applications.partner_id,
    signed_applications.manager_id,
    signed_applications.office,
    signed_applications.currency,
    sum(signed_applications.sign * signed_applications.amount_cents)::bigint as amount_cents
from signed_applications
group by
    date_trunc('month', signed_applications.applied_date)::date,
    signed_applications.partner_id,
    signed_applications.manager_id,
    signed_applications.office,
    signed_applications.currency
having sum(signed_applications.sign * signed_applications.amount_cents) <> 0
