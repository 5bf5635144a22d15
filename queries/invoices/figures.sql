-- What:    What is outstanding and overdue, how old it is, and what was billed this month.
-- Grain:   one row per currency.
-- Params:  $sees_all BOOLEAN  true for somebody with all clients
--          $staff_id KEY      else only clients where this person is partner or manager
--          $today DATE        the firm's day; overdue is due before it, the month is its month
-- Units:   *_cents whole cents; average_age_days days from invoice date over unpaid invoices.
-- Source:  open_invoices, billed_month
-- Ties to: lists/invoices (the sums under the list)
with

owed as (

    select
        open_invoices.currency,
        count(*) as unpaid_invoices,
        sum(open_invoices.outstanding_cents)::bigint as outstanding_cents,
        count(*) filter (where open_invoices.due_key < $today) as overdue_invoices,
        coalesce(
            sum(open_invoices.outstanding_cents) filter (where open_invoices.due_key < $today), 0
        )::bigint as overdue_cents,
        avg($today - open_invoices.invoice_date) as average_age_days
    from shown.open_invoices
    where
        $sees_all
        or open_invoices.partner_id = $staff_id
        or open_invoices.manager_id = $staff_id
    group by open_invoices.currency

),

billed as (

    select
        billed_month.currency,
        sum(billed_month.amount_cents)::bigint as billed_cents,
        sum(billed_month.invoice_count)::bigint as billed_invoices
    from billed_month
    where
        billed_month.month = date_trunc('month', $today)::date
        and (
            $sees_all
            or billed_month.partner_id = $staff_id
            or billed_month.manager_id = $staff_id
        )
    group by billed_month.currency

),

currencies as (

    select owed.currency from owed
    union
    select billed.currency from billed

)

select
    currencies.currency,
    coalesce(owed.unpaid_invoices, 0) as unpaid_invoices,
    coalesce(owed.outstanding_cents, 0) as outstanding_cents,
    coalesce(owed.overdue_invoices, 0) as overdue_invoices,
    coalesce(owed.overdue_cents, 0) as overdue_cents,
    coalesce(billed.billed_invoices, 0) as billed_invoices,
    coalesce(billed.billed_cents, 0) as billed_cents,
    owed.average_age_days
from currencies
left join owed
    on currencies.currency = owed.currency
left join billed
    on currencies.currency = billed.currency
order by currencies.currency asc
