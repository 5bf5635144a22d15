-- What:    What is owed today in one currency, by age, with the number of invoices.
-- Grain:   one row.
-- Params:  $sees_all BOOLEAN  true for somebody with all clients
--          $staff_id KEY      else only clients where this person is partner or manager
--          $as_of DATE        the firm's day; ages are counted to it
--          $currency VARCHAR  the currency looked at
--          $lens VARCHAR      due: days past the due date; invoice: days since the invoice date
--          $edge_1 INTEGER    the last day of the first bucket, e.g. 30
--          $edge_2 INTEGER    of the second; null (like those after it) where there is none
--          $edge_3 INTEGER    of the third
--          $edge_4 INTEGER    of the fourth
--          $edge_5 INTEGER    of the fifth
--          $edge_6 INTEGER    of the sixth
-- Units:   *_cents whole cents; b1 to b7 are the buckets the edges make, the last without end.
-- Source:  aging_day
-- Ties to: aging/aging_by_group (sum over the groups), lists/invoices (outstanding)
with

placed as (

    select
        aging_day.outstanding_cents,
        aging_day.invoice_count,
        $as_of - aging_day.day as days,
        1
        + coalesce(($as_of - aging_day.day > $edge_1)::integer, 0)
        + coalesce(($as_of - aging_day.day > $edge_2)::integer, 0)
        + coalesce(($as_of - aging_day.day > $edge_3)::integer, 0)
        + coalesce(($as_of - aging_day.day > $edge_4)::integer, 0)
        + coalesce(($as_of - aging_day.day > $edge_5)::integer, 0)
        + coalesce(($as_of - aging_day.day > $edge_6)::integer, 0) as bucket
    from aging_day
    where
        aging_day.lens = $lens
        and aging_day.currency = $currency
        and ($sees_all or aging_day.partner_id = $staff_id or aging_day.manager_id = $staff_id)

)

select
    coalesce(sum(placed.outstanding_cents), 0)::bigint as outstanding_cents,
    coalesce(sum(placed.invoice_count), 0)::bigint as invoice_count,
    coalesce(sum(placed.outstanding_cents) filter (where placed.days > 0), 0)::bigint
        as overdue_cents,
    coalesce(sum(placed.invoice_count) filter (where placed.days > 0), 0)::bigint
        as overdue_invoices,
    coalesce(sum(placed.outstanding_cents) filter (where placed.days <= 0), 0)::bigint
        as not_due_cents,
    coalesce(sum(placed.invoice_count) filter (where placed.days <= 0), 0)::bigint
        as not_due_invoices,
    coalesce(sum(placed.outstanding_cents) filter (where placed.days > 0 and placed.bucket = 1), 0)
        ::bigint as b1_cents,
    coalesce(sum(placed.invoice_count) filter (where placed.days > 0 and placed.bucket = 1), 0)
        ::bigint as b1_invoices,
    coalesce(sum(placed.outstanding_cents) filter (where placed.days > 0 and placed.bucket = 2), 0)
        ::bigint as b2_cents,
    coalesce(sum(placed.invoice_count) filter (where placed.days > 0 and placed.bucket = 2), 0)
        ::bigint as b2_invoices,
    coalesce(sum(placed.outstanding_cents) filter (where placed.days > 0 and placed.bucket = 3), 0)
        ::bigint as b3_cents,
    coalesce(sum(placed.invoice_count) filter (where placed.days > 0 and placed.bucket = 3), 0)
        ::bigint as b3_invoices,
    coalesce(sum(placed.outstanding_cents) filter (where placed.days > 0 and placed.bucket = 4), 0)
        ::bigint as b4_cents,
    coalesce(sum(placed.invoice_count) filter (where placed.days > 0 and placed.bucket = 4), 0)
        ::bigint as b4_invoices,
    coalesce(sum(placed.outstanding_cents) filter (where placed.days > 0 and placed.bucket = 5), 0)
        ::bigint as b5_cents,
    coalesce(sum(placed.invoice_count) filter (where placed.days > 0 and placed.bucket = 5), 0)
        ::bigint as b5_invoices,
    coalesce(sum(placed.outstanding_cents) filter (where placed.days > 0 and placed.bucket = 6), 0)
        ::bigint as b6_cents,
    coalesce(sum(placed.invoice_count) filter (where placed.days > 0 and placed.bucket = 6), 0)
        ::bigint as b6_invoices,
    coalesce(sum(placed.outstanding_cents) filter (where placed.days > 0 and placed.bucket = 7), 0)
        ::bigint as b7_cents,
    coalesce(sum(placed.invoice_count) filter (where placed.days > 0 and placed.bucket = 7), 0)
        ::bigint as b7_invoices,
    coalesce(sum(placed.outstanding_cents) filter (where placed.days is null), 0)::bigint
        as no_due_date_cents,
    coalesce(sum(placed.invoice_count) filter (where placed.days is null), 0)::bigint
        as no_due_date_invoices
from placed
order by outstanding_cents asc
