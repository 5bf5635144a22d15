-- What:    Payments received, month by month, over the last twelve months.
-- Grain:   one row per currency and month, months without payments included.
-- Params:  $sees_all BOOLEAN  true for somebody with all clients
--          $staff_id KEY      else only clients where this person is partner or manager
--          $today DATE        the firm's day; the last month is its month
-- Units:   *_cents whole cents; month is its first day.
-- Source:  payment_month
with

months as (

    select unnest(
        generate_series(
            date_trunc('month', $today) - interval 11 month,
            date_trunc('month', $today),
            interval 1 month
        )
    )::date as month

),

received as (

    select
        payment_month.currency,
        payment_month.month,
        sum(payment_month.receipt_count)::bigint as payments,
        sum(payment_month.amount_cents)::bigint as amount_cents
    from payment_month
    where
        payment_month.entry_kind = 'payment'
        and (
            $sees_all
            or payment_month.partner_id = $staff_id
            or payment_month.manager_id = $staff_id
        )
    group by
        payment_month.currency,
        payment_month.month

),

currencies as (

    select distinct received.currency
    from received

)

select
    currencies.currency,
    months.month,
    coalesce(received.payments, 0) as payments,
    coalesce(received.amount_cents, 0) as amount_cents
from months
cross join currencies
left join received
    on months.month = received.month and currencies.currency = received.currency
order by
    currencies.currency asc,
    months.month asc
