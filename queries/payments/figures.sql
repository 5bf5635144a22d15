-- What:    Payments received this month by method.
-- Grain:   one row per currency and method, the largest amount first.
-- Params:  $sees_all BOOLEAN  true for somebody with all clients
--          $staff_id KEY      else only clients where this person is partner or manager
--          $today DATE        the firm's day; the month is its month
-- Units:   *_cents whole cents; method is null where the source names none.
-- Source:  payment_month
-- Ties to: lists/payments (kind Payment, dated in the month)
select
    payment_month.currency,
    payment_month.method,
    sum(payment_month.receipt_count)::bigint as payments,
    sum(payment_month.amount_cents)::bigint as amount_cents
from payment_month
where
    payment_month.month = date_trunc('month', $today)::date
    and payment_month.entry_kind = 'payment'
    and (
        $sees_all
        or payment_month.partner_id = $staff_id
        or payment_month.manager_id = $staff_id
    )
group by
    payment_month.currency,
    payment_month.method
having sum(payment_month.receipt_count) <> 0
order by
    payment_month.currency asc,
    amount_cents desc,
    payment_month.method asc
