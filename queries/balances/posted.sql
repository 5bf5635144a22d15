-- What:    Items of portal payments of which the practice management system shows something else
--          than the store has noted: posted now, reversed, or posted no more.
-- Grain:   one row per payment item.
-- Units:   posted_cents whole cents: the item once its payment ID is seen, less seen reversals
--          that were not posted again.
-- Source:  store.payment_items, store.refund_items, posted_items
-- Ties to: shown/pending_items
with

seen as (

    select
        posted_items.payment_id,
        bool_or(posted_items.amount_cents > 0) as is_posted,
        -- What was reversed and not posted again: a dispute that was won is posted once more.
        least(
            sum(posted_items.amount_cents)
            - max(greatest(posted_items.amount_cents, 0)),
            0
        ) as reversed_cents
    from posted_items
    group by posted_items.payment_id

),

refunded as (

    select
        refund_items.item_id,
        sum(refund_items.cents) as refunded_cents
    from store.refund_items
    inner join seen
        on refund_items.line_id = seen.payment_id
    group by refund_items.item_id

),

items as (

    select
        payment_items.item_id,
        payment_items.posted_cents as noted_cents,
        case
            when seen.is_posted
                then greatest(
                    payment_items.cents
                    + seen.reversed_cents
                    - coalesce(refunded.refunded_cents, 0),
                    0
                )
            else 0
        end::bigint as posted_cents
    from store.payment_items
    left join seen
        on payment_items.item_id = seen.payment_id
    left join refunded
        on payment_items.item_id = refunded.item_id

)

select
    items.item_id,
    items.posted_cents
from items
where items.posted_cents <> items.noted_cents
order by items.item_id asc
