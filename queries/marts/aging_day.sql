-- What:    What is owed per due date and per invoice date, for whose clients.
-- Grain:   signed rows; sums by lens, partner, manager, day and currency are the state.
-- Units:   outstanding_cents whole cents; day is null where there is no due date.
-- Source:  signed_invoices (sign +1 for rows that came, -1 for rows that went)
-- Ties to: checks/aging_day_ties
with

owed as (

    select *
    from signed_invoices
    where signed_invoices.outstanding_cents > 0

),

by_lens as (

    select
        'due' as lens,
        owed.due_date as day,
        owed.*
    from owed
    union all
    select
        'invoice' as lens,
        owed.invoice_date as day,
        owed.*
    from owed

)

select
    by_lens.lens,
    by_lens.partner_id,
    by_lens.manager_id,
    by_lens.day,
    by_lens.currency,
    sum(by_lens.sign * by_lens.outstanding_cents)::bigint as outstanding_cents,
    sum(by_lens.sign)::bigint as invoice_count
from by_lens
group by
    by_lens.lens,
    by_lens.partner_id,
    by_lens.manager_id,
    by_lens.day,
    by_lens.currency
having
    sum(by_lens.sign * by_lens.outstanding_cents) <> 0
    or sum(by_lens.sign) <> 0
