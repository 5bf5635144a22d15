-- What:    Payments received this month by method, those of the portal not yet posted too.
-- Grain:   one row per currency and method, the largest amount first.
-- Params:  $sees_all BOOLEAN  true for somebody with all clients
--          $staff_id KEY      else only clients where this person is partner or manager
--          $today DATE        the firm's day; the month is its month
-- Units:   *_cents whole cents; method is null where the source names none.
-- Source:  shown.payment_list
-- Ties to: lists/payments (toggle Payments, dated in the month)
select
    payment_list.currency,
    payment_list.method,
    count(*) as payments,
    sum(payment_list.amount_cents)::bigint as amount_cents
from shown.payment_list
where
    payment_list.receipt_date between date_trunc('month', $today)::date and last_day($today)
    and payment_list.entry_kind = 'payment'
    and not payment_list.has_failed
    and ($sees_all or payment_list.partner_id = $staff_id or payment_list.manager_id = $staff_id)
group by
    payment_list.currency,
    payment_list.method
order by
    payment_list.currency asc,
    amount_cents desc,
    payment_list.method asc
