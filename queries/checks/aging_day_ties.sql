-- What:    Partners for whom the day summary is not the sum of their open invoices, by either lens.
-- Grain:   one row per wrong lens, partner, manager, day and currency.
-- Units:   *_cents whole cents.
-- Source:  aging_day, open_invoices
with

expected as (

    select
        'due' as lens,
        open_invoices.partner_id,
        open_invoices.manager_id,
        open_invoices.due_date as day,
        open_invoices.currency,
        open_invoices.outstanding_cents,
        1 as invoice_count
    from open_invoices
    union all
    select
        'invoice' as lens,
        open_invoices.partner_id,
        open_invoices.manager_id,
        open_invoices.invoice_date as day,
        open_invoices.currency,
        open_invoices.outstanding_cents,
        1 as invoice_count
    from open_invoices

),

difference as (

    select
        aging_day.lens,
        aging_day.partner_id,
        aging_day.manager_id,
        aging_day.day,
        aging_day.currency,
        aging_day.outstanding_cents,
        aging_day.invoice_count
    from aging_day
    union all
    select
        expected.lens,
        expected.partner_id,
        expected.manager_id,
        expected.day,
        expected.currency,
        -expected.outstanding_cents as outstanding_cents,
        -expected.invoice_count as invoice_count
    from expected

)

select
    difference.lens,
    difference.partner_id,
    difference.manager_id,
    difference.day,
    difference.currency,
    sum(difference.outstanding_cents)::bigint as difference_cents
from difference
group by
    difference.lens,
    difference.partner_id,
    difference.manager_id,
    difference.day,
    difference.currency
having
    sum(difference.outstanding_cents) <> 0
    or sum(difference.invoice_count) <> 0
order by
    difference.lens,
    difference.day
