-- What:    What a client or a client group has outstanding, by days past the due date.
-- Grain:   one row per currency with anything outstanding.
-- Params:  $sees_all BOOLEAN      true for somebody with all clients
--          $staff_id KEY          else only clients where this person is partner or manager
--          $today DATE            the firm's day; ages are counted to it
--          $client_id KEY         the client; null for a group
--          $client_group VARCHAR  the client group; null for one client
--          $edge_1 INTEGER        the last day of the first bucket, e.g. 30
--          $edge_2 INTEGER        of the second; null (like those after it) where there is none
--          $edge_3 INTEGER        of the third
--          $edge_4 INTEGER        of the fourth
--          $edge_5 INTEGER        of the fifth
--          $edge_6 INTEGER        of the sixth
-- Units:   *_cents whole cents; b1 to b7 are the buckets the edges make, the last without end.
-- Source:  open_invoices, clients
-- Ties to: clients/balance (outstanding_cents; buckets and no due date sum to it)
with

owed as (

    select
        open_invoices.currency,
        open_invoices.outstanding_cents,
        $today - open_invoices.due_date as days
    from shown.open_invoices
    inner join clients
        on open_invoices.client_id = clients.client_id
    where
        ($sees_all or clients.partner_id = $staff_id or clients.manager_id = $staff_id)
        and ($client_id is not null or $client_group is not null)
        and ($client_id is null or clients.client_id = $client_id)
        and ($client_group is null or clients.client_group = $client_group)

),

placed as (

    select
        owed.currency,
        owed.outstanding_cents,
        owed.days,
        case
            when owed.days > 0
                then 1
                    + coalesce((owed.days > $edge_1)::integer, 0)
                    + coalesce((owed.days > $edge_2)::integer, 0)
                    + coalesce((owed.days > $edge_3)::integer, 0)
                    + coalesce((owed.days > $edge_4)::integer, 0)
                    + coalesce((owed.days > $edge_5)::integer, 0)
                    + coalesce((owed.days > $edge_6)::integer, 0)
            when owed.days <= 0 then 0
        end as bucket
    from owed

)

select
    placed.currency,
    sum(placed.outstanding_cents)::bigint as outstanding_cents,
    coalesce(sum(placed.outstanding_cents) filter (where placed.bucket = 0), 0)::bigint
        as not_due_cents,
    coalesce(sum(placed.outstanding_cents) filter (where placed.bucket = 1), 0)::bigint as b1_cents,
    coalesce(sum(placed.outstanding_cents) filter (where placed.bucket = 2), 0)::bigint as b2_cents,
    coalesce(sum(placed.outstanding_cents) filter (where placed.bucket = 3), 0)::bigint as b3_cents,
    coalesce(sum(placed.outstanding_cents) filter (where placed.bucket = 4), 0)::bigint as b4_cents,
    coalesce(sum(placed.outstanding_cents) filter (where placed.bucket = 5), 0)::bigint as b5_cents,
    coalesce(sum(placed.outstanding_cents) filter (where placed.bucket = 6), 0)::bigint as b6_cents,
    coalesce(sum(placed.outstanding_cents) filter (where placed.bucket = 7), 0)::bigint as b7_cents,
    coalesce(sum(placed.outstanding_cents) filter (where placed.bucket is null), 0)::bigint
        as no_due_date_cents
from placed
group by placed.currency
order by
    outstanding_cents desc,
    placed.currency asc
