-- What:    Payments received, month by month, over the last twelve months; those of the portal
--          count before they are posted.
-- Grain:   one row per currency and month, months without payments included.
-- Params:  $sees_all BOOLEAN  true for somebody with all clients
--          $staff_id KEY      else only clients where this person is partner or manager
--          $today DATE        the firm's day; the last month is its month
-- Units:   *_cents whole cents; month is its first day.
-- Source:  shown.payment_list
-- Ties to: lists/payments (toggle Payments, dated in the month)
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
        payment_list.currency,
        date_trunc('month', payment_list.receipt_date)::date as month,
        count(*) as payments,
        sum(payment_list.amount_cents)::bigint as amount_cents
    from shown.payment_list
    where
        payment_list.entry_kind = 'payment'
        and not payment_list.has_failed
        and (
            $sees_all
            or payment_list.partner_id = $staff_id
            or payment_list.manager_id = $staff_id
        )
    group by
        payment_list.currency,
        date_trunc('month', payment_list.receipt_date)::date

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
