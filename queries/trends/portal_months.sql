-- What:    What became of promises to pay and of payments made through the portal, month by month.
-- Grain:   one row per month from the first to the last, those without any too.
-- Params:  $sees_all BOOLEAN   true for somebody with all clients
--          $staff_id KEY       else only clients where this person is partner or manager
--          $currency VARCHAR   only promises and payments in this currency
--          $partner_id KEY     only this partner's clients; null means all
--          $office VARCHAR     only clients of this office; null means all
--          $first_month DATE   the first day of the first month
--          $last_month DATE    the first day of the last month
-- Units:   counts; a promise belongs to the month of the day it was promised for, a payment is
--          counted line by line, as the payments list shows it.
-- Source:  store.promises, store.portal_items, shown.payment_list, clients
-- Ties to: lists/payments (toggle Failed, filtered to the month: failed_payments)
with

months as (

    select unnest(generate_series($first_month, $last_month, interval 1 month))::date as month

),

within_reach as (

    select clients.client_id
    from clients
    where
        ($sees_all or clients.partner_id = $staff_id or clients.manager_id = $staff_id)
        and ($partner_id is null or clients.partner_id = $partner_id)
        and ($office is null or clients.office = $office)

),

promised as (

    select
        date_trunc('month', promises.promised_on)::date as month,
        count(*) filter (where promises.state = 'kept') as kept_promises,
        count(*) as judged_promises
    from store.promises
    semi join within_reach
        on promises.client_id = within_reach.client_id
    where
        promises.state in ('kept', 'broken')
        and promises.currency = $currency
    group by date_trunc('month', promises.promised_on)::date

),

tried as (

    select
        date_trunc('month', portal_items.day)::date as month,
        count(*) as tried_payments
    from store.portal_items
    semi join within_reach
        on portal_items.client_id = within_reach.client_id
    where
        portal_items.entry_kind = 'payment'
        and portal_items.currency = $currency
        and portal_items.state not in ('created', 'pending', 'requires_action', 'unknown')
    group by date_trunc('month', portal_items.day)::date

),

failed as (

    select
        date_trunc('month', payment_list.receipt_date)::date as month,
        count(*) as failed_payments
    from shown.payment_list
    semi join within_reach
        on payment_list.client_id = within_reach.client_id
    where
        payment_list.has_failed
        and payment_list.currency = $currency
    group by date_trunc('month', payment_list.receipt_date)::date

)

select
    months.month,
    coalesce(promised.kept_promises, 0) as kept_promises,
    coalesce(promised.judged_promises, 0) as judged_promises,
    coalesce(tried.tried_payments, 0) as tried_payments,
    coalesce(failed.failed_payments, 0) as failed_payments
from months
left join promised
    on months.month = promised.month
left join tried
    on months.month = tried.month
left join failed
    on months.month = failed.month
order by months.month asc
