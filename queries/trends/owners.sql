-- What:    How partners', managers' or offices' clients paid over some months, side by side.
-- Grain:   one row per partner, manager or office with anything billed, paid or outstanding.
-- Params:  $sees_all BOOLEAN   true for somebody with all clients
--          $staff_id KEY       else only clients where this person is partner or manager
--          $currency VARCHAR   only entries in this currency
--          $by VARCHAR         partner, manager or office
--          $partner_id KEY     only this partner's clients; null means all
--          $office VARCHAR     only clients of this office; null means all
--          $first_month DATE   the first day of the first month
--          $last_month DATE    the first day of the last month
--          $today DATE         the firm's day; overdue is due before it
-- Units:   *_cents whole cents; *_days_sum days times paid invoices; cents_days_sum cents times days.
-- Source:  billed_month, payment_month, paid_month, open_invoices, staff
-- Ties to: trends/months (sums over all rows)
with

entries as (

    select
        case $by
            when 'partner' then billed_month.partner_id::varchar
            when 'manager' then billed_month.manager_id::varchar
            else billed_month.office
        end as owner_key,
        billed_month.partner_id,
        billed_month.manager_id,
        billed_month.office,
        billed_month.currency,
        billed_month.month,
        'billed' as what,
        billed_month.amount_cents,
        0 as overdue_cents,
        0 as paid_invoices,
        0 as days_to_pay_sum,
        0 as cents_days_sum,
        0 as due_invoices,
        0 as on_time_invoices
    from billed_month
    union all by name
    select
        case $by
            when 'partner' then payment_month.partner_id::varchar
            when 'manager' then payment_month.manager_id::varchar
            else payment_month.office
        end as owner_key,
        payment_month.partner_id,
        payment_month.manager_id,
        payment_month.office,
        payment_month.currency,
        payment_month.month,
        'collected' as what,
        payment_month.amount_cents
    from payment_month
    where payment_month.entry_kind = 'payment'
    union all by name
    select
        case $by
            when 'partner' then paid_month.partner_id::varchar
            when 'manager' then paid_month.manager_id::varchar
            else paid_month.office
        end as owner_key,
        paid_month.partner_id,
        paid_month.manager_id,
        paid_month.office,
        paid_month.currency,
        paid_month.month,
        'paid' as what,
        paid_month.amount_cents,
        paid_month.paid_invoices,
        paid_month.days_to_pay_sum,
        paid_month.cents_days_sum,
        paid_month.due_invoices,
        paid_month.on_time_invoices
    from paid_month
    union all by name
    select
        case $by
            when 'partner' then open_invoices.partner_id::varchar
            when 'manager' then open_invoices.manager_id::varchar
            else open_invoices.office
        end as owner_key,
        open_invoices.partner_id,
        open_invoices.manager_id,
        open_invoices.office,
        open_invoices.currency,
        $last_month as month,
        'open' as what,
        open_invoices.outstanding_cents as amount_cents,
        case
            when open_invoices.due_key < $today then open_invoices.outstanding_cents else 0
        end as overdue_cents
    from open_invoices

),

summed as (

    select
        entries.owner_key,
        sum(entries.amount_cents) filter (where entries.what = 'billed') as billed_cents,
        sum(entries.amount_cents) filter (where entries.what = 'collected') as collected_cents,
        sum(entries.amount_cents) filter (where entries.what = 'paid') as paid_cents,
        sum(entries.amount_cents) filter (where entries.what = 'open') as outstanding_cents,
        sum(entries.overdue_cents) as overdue_cents,
        sum(entries.paid_invoices) as paid_invoices,
        sum(entries.days_to_pay_sum) as days_to_pay_sum,
        sum(entries.cents_days_sum) as cents_days_sum,
        sum(entries.due_invoices) as due_invoices,
        sum(entries.on_time_invoices) as on_time_invoices
    from entries
    where
        entries.month between $first_month and $last_month
        and entries.currency = $currency
        and ($sees_all or entries.partner_id = $staff_id or entries.manager_id = $staff_id)
        and ($partner_id is null or entries.partner_id = $partner_id)
        and ($office is null or entries.office = $office)
    group by entries.owner_key

)

select
    summed.owner_key,
    case
        when $by = 'office' then coalesce(nullif(summed.owner_key, ''), 'No office')
        else coalesce(staff.full_name, concat('No ', $by))
    end as owner_name,
    coalesce(summed.billed_cents, 0)::bigint as billed_cents,
    coalesce(summed.collected_cents, 0)::bigint as collected_cents,
    coalesce(summed.outstanding_cents, 0)::bigint as outstanding_cents,
    coalesce(summed.overdue_cents, 0)::bigint as overdue_cents,
    coalesce(summed.paid_invoices, 0)::bigint as paid_invoices,
    coalesce(summed.paid_cents, 0)::bigint as paid_cents,
    coalesce(summed.days_to_pay_sum, 0)::bigint as days_to_pay_sum,
    coalesce(summed.cents_days_sum, 0)::bigint as cents_days_sum,
    coalesce(summed.due_invoices, 0)::bigint as due_invoices,
    coalesce(summed.on_time_invoices, 0)::bigint as on_time_invoices
from summed
left join staff
    on $by <> 'office' and summed.owner_key = staff.staff_id::varchar
order by
    billed_cents desc,
    owner_name asc,
    summed.owner_key asc
