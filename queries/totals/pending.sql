-- What:    Portal payments that the practice management system does not show yet, per currency.
-- Grain:   one row per currency.
-- Params:  $as_of DATE  only payments made on or before it count
-- Units:   pending_cents whole cents; refunds and returns not yet posted count against it.
-- Source:  shown.pending_items
select
    pending_items.currency,
    sum(pending_items.pending_cents)::bigint as pending_cents
from shown.pending_items
where pending_items.day <= $as_of
group by pending_items.currency
order by pending_items.currency asc
