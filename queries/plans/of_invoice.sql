-- What:    The running plans that will pay an invoice, and when.
-- Grain:   one row per plan; none for an invoice that is paid or that no plan pays.
-- Params:  $sees_all BOOLEAN  true for somebody with all clients
--          $staff_id KEY      else only clients where this person is partner or manager
--          $invoice_id KEY    the invoice
--          $today DATE        the firm's day: which disputes noted in the portal still run
-- Units:   cents whole cents of what the plan covers of it; null for AutoPay.
-- Source:  store.plans, store.plan_invoices, store.occurrences, store.invoice_disputes,
--          shown.open_invoices
with

asked as (

    select
        open_invoices.invoice_id,
        open_invoices.client_id,
        open_invoices.currency,
        open_invoices.is_disputed or contested.invoice_id is not null as is_disputed
    from shown.open_invoices
    left join store.invoice_disputes as contested
        on
            open_invoices.invoice_id = contested.invoice_id
            and contested.closed_at is null
            and coalesce(contested.until, $today) >= $today
    where
        open_invoices.invoice_id = $invoice_id
        and (
            $sees_all
            or open_invoices.partner_id = $staff_id
            or open_invoices.manager_id = $staff_id
        )

),

installments as (

    select
        plans.plan_id,
        plans.kind,
        plans.name,
        plans.state,
        plan_invoices.cents,
        asked.is_disputed
    from asked
    inner join store.plan_invoices
        on asked.invoice_id = plan_invoices.invoice_id
    inner join store.plans
        on plan_invoices.plan_id = plans.plan_id
    where plans.kind = 'installment' and plans.state in ('active', 'paused')

),

autopay as (

    select
        plans.plan_id,
        plans.kind,
        plans.name,
        plans.state,
        null::bigint as cents,
        asked.is_disputed
    from asked
    inner join store.plans
        on asked.client_id = plans.client_id and asked.currency = plans.currency
    where
        plans.kind = 'autopay'
        and plans.state = 'active'
        and not asked.is_disputed
        and not exists (from installments)

),

paying as (

    from installments
    union all by name
    from autopay

),

announced as (

    select
        occurrences.plan_id,
        min(occurrences.due_date) as next_date,
        min(occurrences.due_date) filter (where occurrences.reminded_at is null) as later_date,
        bool_or(occurrences.reminded_at is not null) as has_reminded
    from store.occurrences
    where
        occurrences.state = 'scheduled'
        and occurrences.plan_id in (select paying.plan_id from paying)
    group by occurrences.plan_id

)

select
    paying.plan_id,
    paying.kind,
    paying.name as plan_name,
    paying.state,
    paying.cents,
    paying.is_disputed,
    case
        when
            paying.kind = 'autopay'
            and announced.has_reminded
            and not exists (
                select 1
                from store.plan_invoices
                where
                    plan_invoices.plan_id = paying.plan_id
                    and plan_invoices.invoice_id = $invoice_id
            )
            then announced.later_date
        else announced.next_date
    end as next_date
from paying
left join announced
    on paying.plan_id = announced.plan_id
order by paying.plan_id asc
