-- What:    Every payment made through the portal, with its lines and what the practice management
--          system does not show of it yet.
-- Grain:   one row per line.
-- Units:   *_cents whole cents; created_at UTC.
-- Source:  store.payments, store.payment_items, shown.pending_items, posted_items
with

seen as (

    select distinct posted_items.payment_id
    from posted_items

)

select
    payments.payment_id,
    payments.state,
    payments.source,
    payments.client_id::varchar as client_id,
    payments.currency,
    payments.amount_cents,
    payments.fee_cents,
    payments.captured_cents,
    payments.refunded_cents,
    payments.taken_by,
    strftime(payments.created_at, '%Y-%m-%dT%H:%M:%SZ') as created_at,
    payment_items.item_id,
    payment_items.invoice_id::varchar as invoice_id,
    payment_items.invoice_number,
    payment_items.cents,
    payment_items.refunded_cents as item_refunded_cents,
    coalesce(pending_items.pending_cents, 0) as pending_cents,
    seen.payment_id is not null as is_posted
from store.payments
inner join store.payment_items
    on payments.payment_id = payment_items.payment_id
left join shown.pending_items
    on payment_items.item_id = pending_items.item_id
left join seen
    on payment_items.item_id = seen.payment_id
order by
    payments.payment_id asc,
    payment_items.item_no asc
