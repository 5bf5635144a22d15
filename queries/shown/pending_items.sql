-- What:    What portal payments take off balances beyond what this version of the practice
--          management system's data shows: positive until a payment is posted, negative from a
--          refund or return until that is posted.
-- Grain:   one row per payment item that is not settled.
-- Units:   pending_cents whole cents of the row's currency.
-- Source:  store.unsettled_items, store.refund_items, posted_items
-- Ties to: what a money command lets somebody pay (the store's open balances)
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
    from main.posted_items
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

weighed as (

    select
        unsettled_items.item_id,
        unsettled_items.payment_id,
        unsettled_items.invoice_id,
        unsettled_items.client_id,
        unsettled_items.currency,
        unsettled_items.day,
        (
            unsettled_items.due_cents
            - case
                when seen.is_posted
                    then greatest(
                        unsettled_items.cents
                        + seen.reversed_cents
                        - coalesce(refunded.refunded_cents, 0),
                        0
                    )
                else 0
            end
        )::bigint as pending_cents
    from store.unsettled_items
    left join seen
        on unsettled_items.item_id = seen.payment_id
    left join refunded
        on unsettled_items.item_id = refunded.item_id

)

select weighed.*
from weighed
where weighed.pending_cents <> 0
