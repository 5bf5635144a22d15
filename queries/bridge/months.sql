-- What:    How the net receivable moved from the start to the end of each month.
--          opening + billed - collected - credits - write-offs + refunds and returns + other
--          = closing. The net receivable is what is outstanding less unapplied cash.
--          Other is what entries of one side alone change: payments of these clients applied to
--          other clients' or void invoices, other clients' payments applied to these invoices,
--          applications dated ahead of their invoice, and what was settled outside the entries.
-- Grain:   one row per month from the first to the last.
-- Params:  $sees_all BOOLEAN   true for somebody with all clients
--          $staff_id KEY       else only clients where this person is partner or manager
--          $currency VARCHAR   only entries in this currency
--          $partner_id KEY     only this partner's clients; null means all
--          $office VARCHAR     only clients of this office; null means all
--          $first_month DATE   the first day of the first month
--          $last_month DATE    the first day of the last month
-- Units:   *_cents whole cents; months are whole, entries dated ahead of today included.
-- Source:  billed_month, payment_month, invoice_list, receipt_list, applications
-- Ties to: totals/totals_as_of (closing = outstanding less unapplied on the month's last day)
with

months as (

    select unnest(generate_series($first_month, $last_month, interval 1 month))::date as month

),

own_invoices as (

    select
        invoice_list.invoice_id,
        invoice_list.invoice_date,
        invoice_list.amount_cents - invoice_list.applied_cents - invoice_list.outstanding_cents
            as outside_cents
    from invoice_list
    where
        not invoice_list.is_void
        and invoice_list.currency = $currency
        and (
            $sees_all
            or invoice_list.partner_id = $staff_id
            or invoice_list.manager_id = $staff_id
        )
        and ($partner_id is null or invoice_list.partner_id = $partner_id)
        and ($office is null or invoice_list.office = $office)

),

own_receipts as (

    select receipt_list.receipt_id
    from receipt_list
    where
        receipt_list.currency = $currency
        and (
            $sees_all
            or receipt_list.partner_id = $staff_id
            or receipt_list.manager_id = $staff_id
        )
        and ($partner_id is null or receipt_list.partner_id = $partner_id)
        and ($office is null or receipt_list.office = $office)

),

moves as (

    select
        billed_month.month,
        'billed' as step,
        billed_month.amount_cents as cents
    from billed_month
    where
        billed_month.month <= $last_month
        and billed_month.currency = $currency
        and (
            $sees_all
            or billed_month.partner_id = $staff_id
            or billed_month.manager_id = $staff_id
        )
        and ($partner_id is null or billed_month.partner_id = $partner_id)
        and ($office is null or billed_month.office = $office)
    union all
    select
        payment_month.month,
        payment_month.entry_kind as step,
        -payment_month.amount_cents as cents
    from payment_month
    where
        payment_month.month <= $last_month
        and payment_month.currency = $currency
        and (
            $sees_all
            or payment_month.partner_id = $staff_id
            or payment_month.manager_id = $staff_id
        )
        and ($partner_id is null or payment_month.partner_id = $partner_id)
        and ($office is null or payment_month.office = $office)
    union all
    select
        date_trunc('month', own_invoices.invoice_date)::date as month,
        'other' as step,
        -own_invoices.outside_cents as cents
    from own_invoices
    where own_invoices.outside_cents <> 0
    union all
    select
        date_trunc('month', applications.applied_date)::date as month,
        'other' as step,
        applications.amount_cents as cents
    from applications
    semi join own_receipts
        on applications.receipt_id = own_receipts.receipt_id
    union all
    select
        date_trunc(
            'month', greatest(applications.applied_date, own_invoices.invoice_date)
        )::date as month,
        'other' as step,
        -applications.amount_cents as cents
    from applications
    inner join own_invoices
        on applications.invoice_id = own_invoices.invoice_id

),

summed as (

    select
        moves.month,
        sum(moves.cents) as net_cents,
        sum(moves.cents) filter (where moves.step = 'billed') as billed_cents,
        -sum(moves.cents) filter (where moves.step = 'payment') as collected_cents,
        -sum(moves.cents) filter (where moves.step = 'credit_memo') as credited_cents,
        -sum(moves.cents) filter (where moves.step = 'write_off') as written_off_cents,
        sum(moves.cents) filter (where moves.step in ('refund', 'return', 'reversal'))
            as refunded_cents,
        sum(moves.cents) filter (where moves.step = 'other') as other_cents
    from moves
    group by moves.month

),

openings as (

    select
        months.month,
        coalesce(sum(summed.net_cents), 0) as opening_cents
    from months
    left join summed
        on months.month > summed.month
    group by months.month

)

select
    openings.month,
    openings.opening_cents::bigint as opening_cents,
    coalesce(summed.billed_cents, 0)::bigint as billed_cents,
    coalesce(summed.collected_cents, 0)::bigint as collected_cents,
    coalesce(summed.credited_cents, 0)::bigint as credited_cents,
    coalesce(summed.written_off_cents, 0)::bigint as written_off_cents,
    coalesce(summed.refunded_cents, 0)::bigint as refunded_cents,
    coalesce(summed.other_cents, 0)::bigint as other_cents,
    (openings.opening_cents + coalesce(summed.net_cents, 0))::bigint as closing_cents
from openings
left join summed
    on openings.month = summed.month
order by openings.month asc
