-- What:    What a portal payment pays and what of it was sent back, line by line.
-- Grain:   one row per line.
-- Params:  $payment_id VARCHAR the action, e.g. PI-0111
-- Units:   *_cents whole cents, positive reduces what is owed.
-- Source:  store.portal_items, posted_items
with

posted as (

    select
        posted_items.payment_id,
        min(posted_items.receipt_date) as receipt_date,
        min(posted_items.receipt_id)::varchar as receipt_id
    from posted_items
    group by posted_items.payment_id

)

select
    portal_items.item_id,
    case portal_items.entry_kind when 'refund' then 'Refund' else 'Payment' end as entry_kind,
    portal_items.invoice_id::varchar as invoice_id,
    coalesce(nullif(portal_items.invoice_number, ''), 'No invoice') as invoice_number,
    portal_items.day,
    portal_items.amount_cents,
    case when posted.payment_id is null then portal_items.status else 'Posted' end as status,
    posted.receipt_date as posted_date,
    posted.receipt_id
from store.portal_items
left join posted
    on portal_items.item_id = posted.payment_id
where portal_items.payment_id = $payment_id
order by
    portal_items.entry_kind asc,
    portal_items.item_id asc
