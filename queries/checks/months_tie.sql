-- What:    Month summaries whose total is not the total of the rows they sum.
-- Grain:   one row per wrong summary and currency.
-- Units:   *_cents whole cents.
-- Source:  billed_month, payment_month, applied_month, invoice_list, receipt_list, applications
with

difference as (

    select 'billed_month' as summary, billed_month.currency, billed_month.amount_cents as cents
    from billed_month
    union all
    select 'billed_month', invoice_list.currency, -invoice_list.amount_cents
    from invoice_list
    where not invoice_list.is_void
    union all
    select 'payment_month', payment_month.currency, payment_month.amount_cents
    from payment_month
    union all
    select 'payment_month', receipt_list.currency, -receipt_list.amount_cents
    from receipt_list
    union all
    select 'applied_month', applied_month.currency, applied_month.amount_cents
    from applied_month
    union all
    select 'applied_month', invoice_list.currency, -applications.amount_cents
    from applications
    inner join invoice_list
        on applications.invoice_id = invoice_list.invoice_id

)

select
    difference.summary,
    difference.currency,
    sum(difference.cents)::bigint as difference_cents
from difference
group by
    difference.summary,
    difference.currency
having sum(difference.cents) <> 0
order by
    difference.summary,
    difference.currency
