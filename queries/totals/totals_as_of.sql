-- What:    What the practice management system's entries amount to on a day, per currency.
-- Grain:   one row per currency.
-- Params:  $as_of DATE  only entries dated on or before it count
-- Units:   *_cents whole cents; overdue means due before the day.
-- Source:  invoice_list, receipt_list, applications
-- Ties to: the practice management system's own totals (portal tie-out)
with

applied_by_invoice as (

    select
        applications.invoice_id,
        sum(applications.amount_cents)::bigint as applied_cents
    from applications
    where applications.applied_date <= $as_of
    group by applications.invoice_id

),

applied_by_receipt as (

    select
        applications.receipt_id,
        sum(applications.amount_cents)::bigint as applied_cents
    from applications
    semi join invoice_list
        on applications.invoice_id = invoice_list.invoice_id
    where applications.applied_date <= $as_of
    group by applications.receipt_id

),

standing as (

    select
        invoice_list.invoice_id,
        invoice_list.currency,
        invoice_list.due_date,
        invoice_list.amount_cents,
        -- what was settled outside the entries has no date: it counts as settled from the start
        invoice_list.amount_cents
        - coalesce(applied_by_invoice.applied_cents, 0)
        - (invoice_list.amount_cents - invoice_list.applied_cents - invoice_list.outstanding_cents)
            as balance_cents
    from invoice_list
    left join applied_by_invoice
        on invoice_list.invoice_id = applied_by_invoice.invoice_id
    where
        invoice_list.invoice_date <= $as_of
        and not invoice_list.is_void

),

invoice_totals as (

    select
        standing.currency,
        count(*) as invoices,
        sum(standing.amount_cents)::bigint as billed_cents,
        count(*) filter (where standing.balance_cents > 0) as open_invoices,
        coalesce(sum(standing.balance_cents) filter (where standing.balance_cents > 0), 0)::bigint
            as outstanding_cents,
        -coalesce(sum(standing.balance_cents) filter (where standing.balance_cents < 0), 0)::bigint
            as overpaid_cents,
        count(*) filter (where standing.balance_cents > 0 and standing.due_date < $as_of)
            as overdue_invoices,
        coalesce(
            sum(standing.balance_cents)
                filter (where standing.balance_cents > 0 and standing.due_date < $as_of),
            0
        )::bigint as overdue_cents
    from standing
    group by standing.currency

),

receipt_totals as (

    select
        receipt_list.currency,
        count(*) filter (where receipt_list.entry_kind = 'payment') as receipt_count,
        coalesce(
            sum(receipt_list.amount_cents) filter (where receipt_list.entry_kind = 'payment'), 0
        )::bigint as receipt_cents,
        sum(receipt_list.amount_cents - coalesce(applied_by_receipt.applied_cents, 0))::bigint
            as unapplied_cents
    from receipt_list
    left join applied_by_receipt
        on receipt_list.receipt_id = applied_by_receipt.receipt_id
    where receipt_list.receipt_date <= $as_of
    group by receipt_list.currency

)

select
    coalesce(invoice_totals.currency, receipt_totals.currency) as currency,
    coalesce(invoice_totals.invoices, 0) as invoices,
    coalesce(invoice_totals.billed_cents, 0) as billed_cents,
    coalesce(invoice_totals.open_invoices, 0) as open_invoices,
    coalesce(invoice_totals.outstanding_cents, 0) as outstanding_cents,
    coalesce(invoice_totals.overdue_invoices, 0) as overdue_invoices,
    coalesce(invoice_totals.overdue_cents, 0) as overdue_cents,
    (coalesce(receipt_totals.unapplied_cents, 0) + coalesce(invoice_totals.overpaid_cents, 0))
        ::bigint as unapplied_cents,
    coalesce(receipt_totals.receipt_count, 0) as receipt_count,
    coalesce(receipt_totals.receipt_cents, 0) as receipt_cents
from invoice_totals
full outer join receipt_totals
    on invoice_totals.currency = receipt_totals.currency
order by currency asc
