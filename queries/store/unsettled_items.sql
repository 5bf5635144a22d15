-- What:    Parts of portal payments that the practice management system may not show as they are:
--          what they should take off a balance is not what was last seen posted.
-- Grain:   one row per payment item.
-- Units:   day is the firm's; *_cents whole cents; due_cents is what the item should take off the
--          balance.
-- Source:  store.payment_items, store.payments (copies of the store's rows); of these the payments
--          of touched_payments, a table of the renewal that made them new
with

items as (

    select
        payment_items.item_id,
        payment_items.payment_id,
        payment_items.invoice_id,
        payments.client_id,
        payments.currency,
        timezone(firm_zone.timezone, timezone('UTC', payments.created_at))::date as day,
        payment_items.cents,
        payment_items.posted_cents,
        case
            when
                payments.state in (
                    'created', 'pending', 'requires_action', 'unknown', 'processing', 'succeeded',
                    'part_refunded'
                )
                then payment_items.cents - payment_items.refunded_cents
            else 0
        end::bigint as due_cents
    from store.payment_items
    inner join store.payments
        on payment_items.payment_id = payments.payment_id
    cross join store.firm_zone
    semi join touched_payments
        on payment_items.payment_id = touched_payments.payment_id

)

select
    items.item_id,
    items.payment_id,
    items.invoice_id,
    items.client_id,
    items.currency,
    items.day,
    items.cents,
    items.due_cents
from items
where items.due_cents <> items.posted_cents
order by items.item_id asc
