-- What:    What was outstanding at the end of each month, how much of it not overdue, as dated.
-- Grain:   one row per month; the month of $today ends on $today.
-- Params:  $sees_all BOOLEAN   true for somebody with all clients
--          $staff_id KEY       else only clients where this person is partner or manager
--          $currency VARCHAR   only invoices in this currency
--          $partner_id KEY     only this partner's clients; null means all
--          $office VARCHAR     only clients of this office; null means all
--          $first_month DATE   the first day of the first month
--          $today DATE         the firm's day; later entries do not count
-- Units:   *_cents whole cents; due on the day itself is not overdue; without a due date never.
-- Source:  invoice_list, applications
-- Ties to: totals/totals_as_of (outstanding_cents, and less overdue_cents, on each end)
with

month_ends as (

    select
        unnest(
            generate_series($first_month, date_trunc('month', $today)::date, interval 1 month)
        )::date as month

),

-- what was settled before the first month and owes nothing was 0 at every end
counted as (

    select
        invoice_list.invoice_id,
        invoice_list.invoice_date,
        -- what was settled outside the entries has no date: settled from the start
        invoice_list.applied_cents + invoice_list.outstanding_cents as charged_cents,
        invoice_list.outstanding_cents,
        -- the last month at whose end the invoice is not overdue
        case
            when invoice_list.due_date is null or invoice_list.due_date >= $today
                then date '9999-12-01'
            when invoice_list.due_date = last_day(invoice_list.due_date)
                then date_trunc('month', invoice_list.due_date)::date
            else (date_trunc('month', invoice_list.due_date) - interval 1 month)::date
        end as current_until
    from invoice_list
    where
        not invoice_list.is_void
        and invoice_list.currency = $currency
        and invoice_list.invoice_date <= $today
        and (invoice_list.outstanding_cents <> 0 or invoice_list.last_applied_date >= $first_month)
        and (
            $sees_all
            or invoice_list.partner_id = $staff_id
            or invoice_list.manager_id = $staff_id
        )
        and ($partner_id is null or invoice_list.partner_id = $partner_id)
        and ($office is null or invoice_list.office = $office)

),

counted_applications as (

    select
        counted.invoice_id,
        counted.current_until,
        -- an application dated ahead of its invoice counts from the invoice on
        greatest(applications.applied_date, counted.invoice_date) as day,
        applications.amount_cents
    from applications
    inner join counted
        on applications.invoice_id = counted.invoice_id
    where applications.applied_date <= $today

),

moves as (

    select
        counted.invoice_id,
        counted.current_until,
        counted.invoice_date as day,
        counted.charged_cents as cents
    from counted
    union all
    select
        counted_applications.invoice_id,
        counted_applications.current_until,
        counted_applications.day,
        -counted_applications.amount_cents as cents
    from counted_applications

),

-- only these can have owed less than nothing for a while: an overpaid invoice owes 0, not less
turning as (

    select counted.invoice_id
    from counted
    where counted.outstanding_cents < 0
    union
    select counted.invoice_id
    from applications
    inner join counted
        on applications.invoice_id = counted.invoice_id
    where applications.amount_cents < 0

),

turning_days as (

    select
        moves.invoice_id,
        moves.current_until,
        moves.day,
        sum(moves.cents) as cents
    from moves
    semi join turning
        on moves.invoice_id = turning.invoice_id
    group by
        moves.invoice_id,
        moves.current_until,
        moves.day

),

turning_balances as (

    select
        turning_days.*,
        sum(turning_days.cents)
            over (partition by turning_days.invoice_id order by turning_days.day) as balance_cents
    from turning_days

),

open_moves as (

    select
        moves.current_until,
        moves.day,
        moves.cents
    from moves
    anti join turning
        on moves.invoice_id = turning.invoice_id
    union all
    select
        turning_balances.current_until,
        turning_balances.day,
        greatest(turning_balances.balance_cents, 0)
        - greatest(turning_balances.balance_cents - turning_balances.cents, 0) as cents
    from turning_balances

),

summed as (

    select
        date_trunc('month', open_moves.day)::date as from_month,
        open_moves.current_until,
        sum(open_moves.cents) as cents
    from open_moves
    group by
        date_trunc('month', open_moves.day)::date,
        open_moves.current_until

)

select
    month_ends.month,
    least(last_day(month_ends.month), $today) as end_date,
    coalesce(sum(summed.cents), 0)::bigint as outstanding_cents,
    coalesce(
        sum(summed.cents) filter (where month_ends.month <= summed.current_until), 0
    )::bigint as not_overdue_cents
from month_ends
left join summed
    on month_ends.month >= summed.from_month
group by month_ends.month
order by month_ends.month asc
