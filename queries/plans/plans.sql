-- What:    Payment plans with what comes next, what is paid, and how they are doing.
--          Health is the worst of what portal/domain/plan_health.py says of a plan.
-- Grain:   one row per plan.
-- Params:  $sees_all BOOLEAN  true for somebody with all clients
--          $staff_id KEY      else only clients where this person is partner or manager
--          $today DATE        the firm's day
-- Units:   *_cents whole cents of the row's currency; next_cents is what the next date charges;
--          dates are the firm's.
-- Source:  store.plans, store.occurrences, store.plan_invoices, store.payment_methods,
--          store.firm_zone, shown.open_invoices, invoice_list, clients, staff
-- Ties to: clients list (count of active plans)
with

running as (

    select
        plans.*,
        coalesce(plans.state in ('active', 'paused'), false) as is_running
    from store.plans
    inner join clients
        on plans.client_id = clients.client_id
    where
        $sees_all
        or clients.partner_id = $staff_id
        or clients.manager_id = $staff_id

),

counted as (

    select
        occurrences.plan_id,
        min(
            greatest(
                occurrences.due_date,
                timezone(firm_zone.timezone, timezone('UTC', occurrences.next_try_at))::date
            )
        ) filter (where occurrences.state = 'scheduled') as next_date,
        max(occurrences.due_date) filter (where occurrences.state = 'scheduled') as last_date,
        arg_min(occurrences.amount_cents, occurrences.number)
            filter (where occurrences.state = 'scheduled') as next_cents,
        coalesce(
            sum(occurrences.amount_cents) filter (where occurrences.state = 'paid'), 0
        )::bigint as paid_cents,
        coalesce(
            sum(occurrences.amount_cents) filter (
                where occurrences.state in ('scheduled', 'running', 'processing', 'missed')
            ), 0
        )::bigint as waiting_cents,
        count(*) filter (where occurrences.state = 'paid') as paid_payments,
        count(*) filter (where occurrences.state = 'missed') as missed_payments,
        count(*) filter (where occurrences.state = 'skipped') as skipped_payments,
        coalesce(
            max(occurrences.tries) filter (where occurrences.state = 'scheduled'), 0
        ) as failed_tries
    from store.occurrences
    cross join store.firm_zone
    group by occurrences.plan_id

),

covered as (

    select
        plan_invoices.plan_id,
        count(*) as invoice_count,
        sum(
            least(plan_invoices.cents, coalesce(open_invoices.outstanding_cents, 0))
        )::bigint as covers_cents
    from store.plan_invoices
    left join shown.open_invoices
        on plan_invoices.invoice_id = open_invoices.invoice_id
    group by plan_invoices.plan_id

),

planned_clients as (

    select distinct running.client_id
    from running
    where running.is_running and running.kind = 'recurring'

),

billed as (

    select
        invoice_list.client_id,
        invoice_list.currency,
        (sum(invoice_list.amount_cents) // 6)::bigint as billed_monthly_cents
    from invoice_list
    where
        invoice_list.client_id in (select planned_clients.client_id from planned_clients)
        and invoice_list.invoice_date between $today - interval 6 month and $today
        and not invoice_list.is_void
    group by
        invoice_list.client_id,
        invoice_list.currency

),

owed as (

    select
        open_invoices.client_id,
        open_invoices.currency,
        sum(open_invoices.outstanding_cents)::bigint as owed_cents
    from shown.open_invoices
    where open_invoices.client_id in (select planned_clients.client_id from planned_clients)
    group by
        open_invoices.client_id,
        open_invoices.currency

),

told as (

    select
        running.*,
        counted.next_date,
        counted.next_cents,
        counted.last_date,
        coalesce(counted.paid_cents, 0) as paid_cents,
        coalesce(counted.waiting_cents, 0) as waiting_cents,
        coalesce(counted.paid_payments, 0) as paid_payments,
        coalesce(counted.missed_payments, 0) as missed_payments,
        coalesce(counted.skipped_payments, 0) as skipped_payments,
        coalesce(counted.failed_tries, 0) as failed_tries,
        coalesce(covered.invoice_count, 0) as invoice_count,
        coalesce(covered.covers_cents, 0) as covers_cents,
        coalesce(billed.billed_monthly_cents, 0) as billed_monthly_cents,
        coalesce(owed.owed_cents, 0) as owed_cents,
        payment_methods.brand,
        payment_methods.last4,
        coalesce(payment_methods.state = 'active', false) as has_method,
        last_day(
            make_date(payment_methods.exp_year, payment_methods.exp_month, 1)
        ) as card_works_until,
        case
            when running.kind = 'installment' then coalesce(counted.waiting_cents, 0)
            when running.total_cents is not null
                then greatest(running.total_cents - coalesce(counted.paid_cents, 0), 0)
            when running.occurrence_limit is not null
                then
                    running.amount_cents
                    * greatest(
                        running.occurrence_limit
                        - coalesce(counted.paid_payments, 0)
                        - coalesce(counted.skipped_payments, 0),
                        0
                    )
        end as remaining_cents,
        case running.frequency
            when 'weekly' then running.amount_cents * 52 // 12
            when 'two_weeks' then running.amount_cents * 26 // 12
            when 'monthly' then running.amount_cents
            when 'quarterly' then running.amount_cents * 4 // 12
            when 'yearly' then running.amount_cents // 12
        end as monthly_cents
    from running
    left join counted
        on running.plan_id = counted.plan_id
    left join covered
        on running.plan_id = covered.plan_id
    left join billed
        on running.client_id = billed.client_id and running.currency = billed.currency
    left join owed
        on running.client_id = owed.client_id and running.currency = owed.currency
    left join store.payment_methods
        on running.method_id = payment_methods.method_id

)

select
    told.plan_id,
    told.name as plan_name,
    told.client_id::varchar as client_id,
    clients.client_name,
    clients.client_number,
    clients.client_group,
    lower(strip_accents(concat_ws(' ', told.name, clients.client_name, clients.client_number)))
        as search_text,
    case told.kind
        when 'recurring' then 'Recurring'
        when 'autopay' then 'AutoPay'
        when 'installment' then 'Installments'
    end as kind,
    case told.state
        when 'active' then 'Active'
        when 'paused' then 'Paused'
        when 'ended' then 'Ended'
        when 'cancelled' then 'Cancelled'
    end as status,
    case when told.kind = 'recurring' then told.amount_cents end as amount_cents,
    case told.frequency
        when 'weekly' then 'Weekly'
        when 'two_weeks' then 'Every two weeks'
        when 'monthly' then 'Monthly'
        when 'quarterly' then 'Quarterly'
        when 'yearly' then 'Yearly'
    end as frequency,
    case when told.state = 'active' then told.next_date end as next_date,
    case when told.state = 'active' then told.next_cents end as next_cents,
    concat(told.brand, ' ending ', told.last4) as method,
    case
        when not told.is_running then null
        when
            told.state = 'paused' or not told.has_method or told.failed_tries > 0
            or told.missed_payments > 0 or coalesce(told.card_works_until < $today, false)
            then 'At risk'
        when
            (told.skipped_payments > 0 and told.kind <> 'autopay')
            or coalesce(
                told.card_works_until < case
                    when told.remaining_cents is not null or told.end_date is not null
                        then told.last_date
                end,
                false
            )
            or (
                told.remaining_cents is null and told.end_date is null
                and coalesce(told.card_works_until - $today <= 60, false)
            )
            or (told.kind = 'installment' and told.remaining_cents < told.covers_cents)
            or (
                told.kind = 'recurring' and told.owed_cents > 0
                and told.billed_monthly_cents > told.monthly_cents
            )
            then 'Watch'
        else 'Good'
    end as health,
    case when told.is_running then told.remaining_cents end as remaining_cents,
    told.paid_cents,
    told.paid_payments,
    told.invoice_count,
    told.start_date,
    told.end_date,
    told.paused_reason,
    timezone(firm_zone.timezone, timezone('UTC', told.created_at))::date as created_date,
    partner.full_name as partner,
    manager.full_name as manager,
    clients.partner_id,
    clients.manager_id,
    told.currency
from told
cross join store.firm_zone
inner join clients
    on told.client_id = clients.client_id
left join staff as partner
    on clients.partner_id = partner.staff_id
left join staff as manager
    on clients.manager_id = manager.staff_id
order by
    told.created_at desc,
    told.plan_id asc
