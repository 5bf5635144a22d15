-- What:    Which portal payments the practice management system shows, by their payment IDs.
-- Grain:   one row per payment ID (reference PI-…-…).
-- Units:   posted_cents whole cents, refunds of the same ID taken off.
-- Source:  receipts
select
    receipts.reference as payment_id,
    sum(receipts.amount_cents)::bigint as posted_cents
from receipts
where receipts.reference like 'PI-%-%'
group by receipts.reference
order by receipts.reference asc
