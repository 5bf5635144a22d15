-- What:    What the practice management system shows of each portal payment.
-- Grain:   one row per portal payment.
-- Units:   *_cents whole cents; taken_cents and posted_cents are without refunds.
-- Source:  store.portal_items, posted_items
with

posted as (

    select
        posted_items.payment_id,
        -- What was reversed and posted again, as a dispute that was won, counts once.
        greatest(
            max(greatest(posted_items.amount_cents, 0)),
            sum(posted_items.amount_cents)
        )::bigint as posted_cents
    from posted_items
    group by posted_items.payment_id

)

select
    portal_items.payment_id,
    sum(portal_items.amount_cents)::bigint as taken_cents,
    coalesce(sum(posted.posted_cents), 0)::bigint as posted_cents
from store.portal_items
left join posted
    on portal_items.item_id = posted.payment_id
where portal_items.entry_kind = 'payment'
group by portal_items.payment_id
order by portal_items.payment_id asc
