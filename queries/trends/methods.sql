-- What:    Payments of each month by method.
-- Grain:   one row per month and method with a payment.
-- Params:  $sees_all BOOLEAN   true for somebody with all clients
--          $staff_id KEY       else only clients where this person is partner or manager
--          $currency VARCHAR   only payments in this currency
--          $partner_id KEY     only this partner's clients; null means all
--          $office VARCHAR     only clients of this office; null means all
--          $first_month DATE   the first day of the first month
--          $last_month DATE    the first day of the last month
-- Units:   amount_cents whole cents; method_cents is the method's sum over all months.
-- Source:  payment_month
-- Ties to: trends/months (collected_cents)
with

by_method as (

    select
        payment_month.month,
        coalesce(payment_month.method, '') as method,
        sum(payment_month.receipt_count)::bigint as payment_count,
        sum(payment_month.amount_cents)::bigint as amount_cents
    from payment_month
    where
        payment_month.month between $first_month and $last_month
        and payment_month.entry_kind = 'payment'
        and payment_month.currency = $currency
        and (
            $sees_all
            or payment_month.partner_id = $staff_id
            or payment_month.manager_id = $staff_id
        )
        and ($partner_id is null or payment_month.partner_id = $partner_id)
        and ($office is null or payment_month.office = $office)
    group by
        payment_month.month,
        coalesce(payment_month.method, '')
    having sum(payment_month.receipt_count) <> 0

)

select
    by_method.month,
    by_method.method,
    by_method.payment_count,
    by_method.amount_cents,
    sum(by_method.payment_count) over (partition by by_method.method)::bigint as method_payments,
    sum(by_method.amount_cents) over (partition by by_method.method)::bigint as method_cents,
    sum(by_method.amount_cents) over ()::bigint as all_cents
from by_method
order by
    method_cents desc,
    by_method.method asc,
    by_method.month asc
