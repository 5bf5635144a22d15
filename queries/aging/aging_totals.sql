-- What:    What is owed on a day in one currency, by age, with the number of invoices.
--          The day summary, corrected by signed rows for what is dated after the day; from today
--          on, pending portal payments are taken off and told apart.
-- Grain:   one row.
-- Params:  $sees_all BOOLEAN  true for somebody with all clients
--          $staff_id KEY      else only clients where this person is partner or manager
--          $as_of DATE        only what is dated on or before it counts; ages are counted to it
--          $today DATE        the firm's day; what is pending counts from it on
--          $currency VARCHAR  the currency looked at
--          $lens VARCHAR      due: days past the due date; invoice: days since the invoice date
--          $edge_1 INTEGER    the last day of the first bucket, e.g. 30
--          $edge_2 INTEGER    of the second; null (like those after it) where there is none
--          $edge_3 INTEGER    of the third
--          $edge_4 INTEGER    of the fourth
--          $edge_5 INTEGER    of the fifth
--          $edge_6 INTEGER    of the sixth
-- Units:   *_cents whole cents; b1 to b7 are the buckets the edges make, the last without end.
-- Source:  aging_day, open_invoices, invoice_list, applications, shown.pending_invoices
-- Ties to: aging/aging_by_group (sum over the groups), totals/totals_as_of
with

moved_since as (

    select
        invoice_list.partner_id,
        invoice_list.manager_id,
        invoice_list.currency,
        invoice_list.invoice_date,
        invoice_list.due_date,
        invoice_list.outstanding_cents as now_cents,
        invoice_list.outstanding_cents + sum(applications.amount_cents)::bigint as then_cents
    from applications
    inner join invoice_list
        on applications.invoice_id = invoice_list.invoice_id
    where
        applications.applied_date > $as_of
        and invoice_list.invoice_date <= $as_of
        and not invoice_list.is_void
    group by
        invoice_list.invoice_id,
        invoice_list.partner_id,
        invoice_list.manager_id,
        invoice_list.currency,
        invoice_list.invoice_date,
        invoice_list.due_date,
        invoice_list.outstanding_cents

),

corrections as (

    select
        open_invoices.partner_id,
        open_invoices.manager_id,
        open_invoices.currency,
        open_invoices.invoice_date,
        open_invoices.due_date,
        -open_invoices.outstanding_cents as outstanding_cents,
        -1 as invoice_count,
        0 as pending_cents
    from open_invoices
    where open_invoices.invoice_date > $as_of
    union all
    select
        moved_since.partner_id,
        moved_since.manager_id,
        moved_since.currency,
        moved_since.invoice_date,
        moved_since.due_date,
        greatest(moved_since.then_cents, 0) - greatest(moved_since.now_cents, 0)
            as outstanding_cents,
        (moved_since.then_cents > 0)::integer - (moved_since.now_cents > 0)::integer
            as invoice_count,
        0 as pending_cents
    from moved_since
    union all
    select
        pending_invoices.partner_id,
        pending_invoices.manager_id,
        pending_invoices.currency,
        pending_invoices.invoice_date,
        pending_invoices.due_date,
        -pending_invoices.pending_cents as outstanding_cents,
        (pending_invoices.outstanding_cents > 0)::integer
        - (pending_invoices.owed_cents > 0)::integer as invoice_count,
        pending_invoices.pending_cents
    from shown.pending_invoices
    where $as_of >= $today

),

signed as (

    select
        aging_day.partner_id,
        aging_day.manager_id,
        aging_day.currency,
        aging_day.day,
        aging_day.outstanding_cents,
        aging_day.invoice_count,
        0 as pending_cents
    from aging_day
    where aging_day.lens = $lens
    union all
    select
        corrections.partner_id,
        corrections.manager_id,
        corrections.currency,
        case when $lens = 'due' then corrections.due_date else corrections.invoice_date end as day,
        corrections.outstanding_cents,
        corrections.invoice_count,
        corrections.pending_cents
    from corrections

),

placed as (

    select
        signed.outstanding_cents,
        signed.invoice_count,
        signed.pending_cents,
        $as_of - signed.day as days,
        1
        + coalesce(($as_of - signed.day > $edge_1)::integer, 0)
        + coalesce(($as_of - signed.day > $edge_2)::integer, 0)
        + coalesce(($as_of - signed.day > $edge_3)::integer, 0)
        + coalesce(($as_of - signed.day > $edge_4)::integer, 0)
        + coalesce(($as_of - signed.day > $edge_5)::integer, 0)
        + coalesce(($as_of - signed.day > $edge_6)::integer, 0) as bucket
    from signed
    where
        signed.currency = $currency
        and ($sees_all or signed.partner_id = $staff_id or signed.manager_id = $staff_id)

),

summed as (

    select
        sum(placed.outstanding_cents) as outstanding_cents,
        sum(placed.invoice_count) as invoice_count,
        sum(placed.pending_cents) as pending_cents,
        sum(placed.outstanding_cents) filter (where placed.days > 0) as overdue_cents,
        sum(placed.invoice_count) filter (where placed.days > 0) as overdue_invoices,
        sum(placed.outstanding_cents) filter (where placed.days <= 0) as not_due_cents,
        sum(placed.invoice_count) filter (where placed.days <= 0) as not_due_invoices,
        sum(placed.outstanding_cents) filter (where placed.days > 0 and placed.bucket = 1)
            as b1_cents,
        sum(placed.invoice_count) filter (where placed.days > 0 and placed.bucket = 1)
            as b1_invoices,
        sum(placed.outstanding_cents) filter (where placed.days > 0 and placed.bucket = 2)
            as b2_cents,
        sum(placed.invoice_count) filter (where placed.days > 0 and placed.bucket = 2)
            as b2_invoices,
        sum(placed.outstanding_cents) filter (where placed.days > 0 and placed.bucket = 3)
            as b3_cents,
        sum(placed.invoice_count) filter (where placed.days > 0 and placed.bucket = 3)
            as b3_invoices,
        sum(placed.outstanding_cents) filter (where placed.days > 0 and placed.bucket = 4)
            as b4_cents,
        sum(placed.invoice_count) filter (where placed.days > 0 and placed.bucket = 4)
            as b4_invoices,
        sum(placed.outstanding_cents) filter (where placed.days > 0 and placed.bucket = 5)
            as b5_cents,
        sum(placed.invoice_count) filter (where placed.days > 0 and placed.bucket = 5)
            as b5_invoices,
        sum(placed.outstanding_cents) filter (where placed.days > 0 and placed.bucket = 6)
            as b6_cents,
        sum(placed.invoice_count) filter (where placed.days > 0 and placed.bucket = 6)
            as b6_invoices,
        sum(placed.outstanding_cents) filter (where placed.days > 0 and placed.bucket = 7)
            as b7_cents,
        sum(placed.invoice_count) filter (where placed.days > 0 and placed.bucket = 7)
            as b7_invoices,
        sum(placed.outstanding_cents) filter (where placed.days is null) as no_due_date_cents,
        sum(placed.invoice_count) filter (where placed.days is null) as no_due_date_invoices
    from placed

)

select
    coalesce(summed.outstanding_cents, 0)::bigint as outstanding_cents,
    coalesce(summed.invoice_count, 0)::bigint as invoice_count,
    coalesce(summed.pending_cents, 0)::bigint as pending_cents,
    coalesce(summed.overdue_cents, 0)::bigint as overdue_cents,
    coalesce(summed.overdue_invoices, 0)::bigint as overdue_invoices,
    coalesce(summed.not_due_cents, 0)::bigint as not_due_cents,
    coalesce(summed.not_due_invoices, 0)::bigint as not_due_invoices,
    coalesce(summed.b1_cents, 0)::bigint as b1_cents,
    coalesce(summed.b1_invoices, 0)::bigint as b1_invoices,
    coalesce(summed.b2_cents, 0)::bigint as b2_cents,
    coalesce(summed.b2_invoices, 0)::bigint as b2_invoices,
    coalesce(summed.b3_cents, 0)::bigint as b3_cents,
    coalesce(summed.b3_invoices, 0)::bigint as b3_invoices,
    coalesce(summed.b4_cents, 0)::bigint as b4_cents,
    coalesce(summed.b4_invoices, 0)::bigint as b4_invoices,
    coalesce(summed.b5_cents, 0)::bigint as b5_cents,
    coalesce(summed.b5_invoices, 0)::bigint as b5_invoices,
    coalesce(summed.b6_cents, 0)::bigint as b6_cents,
    coalesce(summed.b6_invoices, 0)::bigint as b6_invoices,
    coalesce(summed.b7_cents, 0)::bigint as b7_cents,
    coalesce(summed.b7_invoices, 0)::bigint as b7_invoices,
    coalesce(summed.no_due_date_cents, 0)::bigint as no_due_date_cents,
    coalesce(summed.no_due_date_invoices, 0)::bigint as no_due_date_invoices
from summed
order by outstanding_cents asc
