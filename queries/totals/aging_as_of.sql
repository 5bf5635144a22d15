-- What:    Open balances on a day by how long they are past due, per currency.
-- Grain:   one row per currency and bucket that has an invoice.
-- Params:  $as_of DATE  only entries dated on or before it count
--          $edges BIGINT[]  the last day of each bucket but the final one, rising
-- Units:   cents whole cents; bucket 0 is not due, 1.. are the overdue buckets, null has no due date.
-- Source:  invoice_list, applications
-- Ties to: totals/totals_as_of (sum of cents)
with

applied as (

    select
        applications.invoice_id,
        sum(applications.amount_cents)::bigint as applied_cents
    from applications
    where applications.applied_date <= $as_of
    group by applications.invoice_id

),

standing as (

    select
        invoice_list.currency,
        $as_of - invoice_list.due_date as days_past_due,
        invoice_list.applied_cents
        + invoice_list.outstanding_cents
        - coalesce(applied.applied_cents, 0) as balance_cents
    from invoice_list
    left join applied
        on invoice_list.invoice_id = applied.invoice_id
    where
        invoice_list.invoice_date <= $as_of
        and not invoice_list.is_void

)

select
    standing.currency,
    case
        when standing.days_past_due is null then null
        when standing.days_past_due <= 0 then 0
        else 1 + len(list_filter($edges::bigint[], edge -> edge < standing.days_past_due))
    end as bucket,
    count(*) as invoices,
    sum(standing.balance_cents)::bigint as cents
from standing
where standing.balance_cents > 0
group by
    standing.currency,
    bucket
order by
    standing.currency asc,
    bucket asc nulls last
