-- What:    Invoices that were fully paid, by the month of their last application: how fast, how late.
-- Grain:   signed rows; sums by month, partner, manager, office and currency are the state.
-- Units:   days whole days; cents_days_sum is cents times days to pay.
-- Source:  signed_invoices
with

paid as (

    select
        signed_invoices.*,
        signed_invoices.last_applied_date - signed_invoices.invoice_date as days_to_pay,
        greatest(signed_invoices.last_applied_date - signed_invoices.due_date, 0) as days_late
    from signed_invoices
    where
        not signed_invoices.is_void
        and signed_invoices.outstanding_cents <= 0
        and signed_invoices.last_applied_date is not null

)

select
    date_trunc('month', paid.last_applied_date)::date as month,
    paid.partner_id,
    paid.manager_id,
    paid.office,
    paid.currency,
    sum(paid.sign)::bigint as paid_invoices,
    sum(paid.sign * paid.days_to_pay)::bigint as days_to_pay_sum,
    sum(paid.sign * paid.amount_cents)::bigint as amount_cents,
    sum(paid.sign * paid.amount_cents * paid.days_to_pay)::bigint as cents_days_sum,
    coalesce(sum(paid.sign) filter (where paid.due_date is not null), 0)::bigint as due_invoices,
    coalesce(
        sum(paid.sign) filter (where paid.last_applied_date <= paid.due_date), 0
    )::bigint as on_time_invoices,
    coalesce(sum(paid.sign * paid.days_late), 0)::bigint as days_late_sum
from paid
group by
    date_trunc('month', paid.last_applied_date)::date,
    paid.partner_id,
    paid.manager_id,
    paid.office,
    paid.currency
having
    sum(paid.sign) <> 0
    or sum(paid.sign * paid.amount_cents) <> 0
    or sum(paid.sign * paid.days_to_pay) <> 0
