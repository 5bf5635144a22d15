-- What:    Payments received, month by month, over the last twelve months; those of the portal
--          count before they are posted.
-- Grain:   one row per currency and month, months without payments included.
-- Params:  $sees_all BOOLEAN  true for somebody with all clients
--          $staff_id KEY      else only clients where this person is partner or manager
--          $today DATE        the firm's day; the last month is its month
-- Units:   *_cents whole cents; month is its first day.
-- Source:  payment_month, shown.payment_list (what is not posted yet)
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

entries as (

    select
        payment_month.currency,
        payment_month.month,
        payment_month.partner_id,
        payment_month.manager_id,
        payment_month.receipt_count as payments,
        payment_month.amount_cents
    from payment_month
    where payment_month.entry_kind = 'payment'
    union all
    select
        payment_list.currency,
        date_trunc('month', payment_list.receipt_date)::date as month,
        payment_list.partner_id,
        payment_list.manager_id,
        1 as payments,
        payment_list.amount_cents
    from shown.payment_list
    where
        payment_list.status <> 'Posted'
        and payment_list.entry_kind = 'payment'
        and not payment_list.has_failed

),

received as (

    select
        entries.currency,
        entries.month,
        sum(entries.payments)::bigint as payments,
        sum(entries.amount_cents)::bigint as amount_cents
    from entries
    where ($sees_all or entries.partner_id = $staff_id or entries.manager_id = $staff_id)
    group by
        entries.currency,
        entries.month

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
