-- What:    What was billed, received and paid off in each month.
-- Grain:   one row per month from the first to the last, those without entries too.
-- Params:  $sees_all BOOLEAN   true for somebody with all clients
--          $staff_id KEY       else only clients where this person is partner or manager
--          $currency VARCHAR   only entries in this currency
--          $partner_id KEY     only this partner's clients; null means all
--          $office VARCHAR     only clients of this office; null means all
--          $first_month DATE   the first day of the first month
--          $last_month DATE    the first day of the last month
--          $today DATE         the firm's day; what is dated after it is dated ahead
-- Units:   *_cents whole cents; *_days_sum days times paid invoices; cents_days_sum cents times
--          days; months are whole, entries dated ahead of today included.
-- Source:  billed_month, payment_month, paid_month, invoice_list (what is dated ahead)
-- Ties to: lists/invoices and lists/payments (status Posted) filtered to the month
with

months as (

    select unnest(generate_series($first_month, $last_month, interval 1 month))::date as month

),

billed as (

    select
        billed_month.month,
        sum(billed_month.amount_cents) as billed_cents,
        sum(billed_month.invoice_count) as invoice_count
    from billed_month
    where
        billed_month.month between $first_month and $last_month
        and billed_month.currency = $currency
        and (
            $sees_all
            or billed_month.partner_id = $staff_id
            or billed_month.manager_id = $staff_id
        )
        and ($partner_id is null or billed_month.partner_id = $partner_id)
        and ($office is null or billed_month.office = $office)
    group by billed_month.month

),

dated_ahead as (

    select
        date_trunc('month', invoice_list.invoice_date)::date as month,
        sum(invoice_list.amount_cents) as ahead_cents
    from invoice_list
    where
        invoice_list.invoice_date > $today
        and not invoice_list.is_void
        and invoice_list.currency = $currency
        and (
            $sees_all
            or invoice_list.partner_id = $staff_id
            or invoice_list.manager_id = $staff_id
        )
        and ($partner_id is null or invoice_list.partner_id = $partner_id)
        and ($office is null or invoice_list.office = $office)
    group by date_trunc('month', invoice_list.invoice_date)::date

),

received as (

    select
        payment_month.month,
        sum(payment_month.amount_cents)
            filter (where payment_month.entry_kind = 'payment') as collected_cents,
        sum(payment_month.receipt_count)
            filter (where payment_month.entry_kind = 'payment') as payment_count,
        -sum(payment_month.amount_cents)
            filter (where payment_month.entry_kind = 'return') as returned_cents,
        sum(payment_month.receipt_count)
            filter (where payment_month.entry_kind = 'return') as return_count
    from payment_month
    where
        payment_month.month between $first_month and $last_month
        and payment_month.currency = $currency
        and (
            $sees_all
            or payment_month.partner_id = $staff_id
            or payment_month.manager_id = $staff_id
        )
        and ($partner_id is null or payment_month.partner_id = $partner_id)
        and ($office is null or payment_month.office = $office)
    group by payment_month.month

),

paid as (

    select
        paid_month.month,
        sum(paid_month.paid_invoices) as paid_invoices,
        sum(paid_month.amount_cents) as paid_cents,
        sum(paid_month.days_to_pay_sum) as days_to_pay_sum,
        sum(paid_month.cents_days_sum) as cents_days_sum,
        sum(paid_month.due_invoices) as due_invoices,
        sum(paid_month.on_time_invoices) as on_time_invoices,
        sum(paid_month.days_late_sum) as days_late_sum
    from paid_month
    where
        paid_month.month between $first_month and $last_month
        and paid_month.currency = $currency
        and (
            $sees_all
            or paid_month.partner_id = $staff_id
            or paid_month.manager_id = $staff_id
        )
        and ($partner_id is null or paid_month.partner_id = $partner_id)
        and ($office is null or paid_month.office = $office)
    group by paid_month.month

)

select
    months.month,
    coalesce(billed.billed_cents, 0)::bigint as billed_cents,
    coalesce(dated_ahead.ahead_cents, 0)::bigint as ahead_cents,
    coalesce(billed.invoice_count, 0)::bigint as invoice_count,
    coalesce(received.collected_cents, 0)::bigint as collected_cents,
    coalesce(received.payment_count, 0)::bigint as payment_count,
    coalesce(received.returned_cents, 0)::bigint as returned_cents,
    coalesce(received.return_count, 0)::bigint as return_count,
    coalesce(paid.paid_invoices, 0)::bigint as paid_invoices,
    coalesce(paid.paid_cents, 0)::bigint as paid_cents,
    coalesce(paid.days_to_pay_sum, 0)::bigint as days_to_pay_sum,
    coalesce(paid.cents_days_sum, 0)::bigint as cents_days_sum,
    coalesce(paid.due_invoices, 0)::bigint as due_invoices,
    coalesce(paid.on_time_invoices, 0)::bigint as on_time_invoices,
    coalesce(paid.days_late_sum, 0)::bigint as days_late_sum
from months
left join billed
    on months.month = billed.month
left join dated_ahead
    on months.month = dated_ahead.month
left join received
    on months.month = received.month
left join paid
    on months.month = paid.month
order by months.month asc
