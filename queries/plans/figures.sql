-- What:    The payment plans in figures: how many run, what they will pay soon, what needs a look.
-- Grain:   one row per currency with a running plan.
-- Params:  $sees_all BOOLEAN  true for somebody with all clients
--          $staff_id KEY      else only clients where this person is partner or manager
--          $today DATE        the firm's day
-- Units:   *_cents whole cents of the row's currency.
-- Source:  store.plans, store.occurrences, clients
-- Ties to: plans/plans (count of running plans)
with

running as (

    select
        plans.plan_id,
        plans.kind,
        plans.state,
        plans.currency
    from store.plans
    inner join clients
        on plans.client_id = clients.client_id
    where
        plans.state in ('active', 'paused')
        and ($sees_all or clients.partner_id = $staff_id or clients.manager_id = $staff_id)

),

counted as (

    select
        running.plan_id,
        coalesce(
            sum(occurrences.amount_cents) filter (
                where
                    occurrences.state = 'scheduled'
                    and running.state = 'active'
                    and occurrences.due_date <= $today + interval 30 day
            ), 0
        )::bigint as soon_cents,
        count(*) filter (
            where
                occurrences.state = 'scheduled'
                and running.state = 'active'
                and occurrences.due_date <= $today + interval 30 day
        ) as soon_payments,
        coalesce(
            bool_or(
                occurrences.state = 'missed'
                or (occurrences.state = 'scheduled' and occurrences.tries > 0)
            ), false
        ) as is_failing
    from running
    left join store.occurrences
        on running.plan_id = occurrences.plan_id
    group by running.plan_id

)

select
    running.currency,
    count(*) as running_plans,
    count(*) filter (where running.kind = 'autopay') as autopay_plans,
    count(*) filter (where running.state = 'paused') as paused_plans,
    count(*) filter (where counted.is_failing) as failing_plans,
    sum(counted.soon_cents)::bigint as soon_cents,
    sum(counted.soon_payments)::bigint as soon_payments
from running
inner join counted
    on running.plan_id = counted.plan_id
group by running.currency
order by running.currency asc
