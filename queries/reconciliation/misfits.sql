-- What:    Receipts of the practice management system that do not fit the portal payment they name.
--          A payment may be posted again once it was reversed: after a dispute that was won, or
--          at the client it was associated with.
-- Grain:   one row per misfit; `subject` stays the same as long as the misfit does.
-- Units:   *_cents whole cents.
-- Source:  store.portal_items, posted_items
with

by_client as (

    select
        posted_items.payment_id,
        posted_items.client_id,
        sum(posted_items.amount_cents) as net_cents
    from posted_items
    group by posted_items.payment_id, posted_items.client_id

),

holders as (

    select
        by_client.payment_id,
        arg_max(by_client.client_id, by_client.net_cents) as client_id
    from by_client
    group by by_client.payment_id

),

posted as (

    select
        posted_items.payment_id,
        any_value(holders.client_id) as client_id,
        coalesce(sum(posted_items.amount_cents) filter (where posted_items.amount_cents > 0), 0)
            ::bigint as in_cents,
        max(posted_items.amount_cents) as most_cents,
        coalesce(sum(posted_items.amount_cents) filter (where posted_items.amount_cents < 0), 0)
            ::bigint as back_cents,
        count(*) filter (where posted_items.amount_cents > 0) as times_in,
        count(*) filter (where posted_items.amount_cents < 0) as times_back
    from posted_items
    left join holders
        on posted_items.payment_id = holders.payment_id
    group by posted_items.payment_id

),

compared as (

    select
        posted.payment_id,
        posted.client_id,
        portal_items.client_id as paying_client_id,
        portal_items.entry_kind,
        portal_items.has_failed,
        portal_items.amount_cents as paid_cents,
        case
            when portal_items.entry_kind = 'refund' then posted.back_cents
            when posted.times_in > 1 and posted.times_in <= posted.times_back + 1
                then posted.most_cents
            else posted.in_cents
        end as posted_cents,
        case
            when portal_items.entry_kind = 'refund' then posted.times_back
            else least(posted.times_in, greatest(posted.times_in - posted.times_back, 1))
        end as times,
        posted.in_cents + posted.back_cents as net_cents
    from posted
    left join store.portal_items
        on posted.payment_id = portal_items.item_id

),

judged as (

    select
        compared.*,
        case
            when compared.entry_kind is null then 'unmatched_receipt'
            when compared.times > 1 then 'posted_twice'
            when compared.times = 1 and compared.posted_cents <> compared.paid_cents
                then 'posted_amount_differs'
            -- A payment by quick link has no client until somebody has associated it.
            when compared.paying_client_id <> compared.client_id
                then 'posted_to_another_client'
            when compared.has_failed and compared.net_cents > 0 then 'returned_after_posting'
        end as kind
    from compared

)

select
    judged.kind,
    concat(judged.payment_id, ' ', judged.posted_cents) as subject,
    judged.client_id::varchar as client_id,
    judged.paid_cents,
    judged.posted_cents
from judged
where judged.kind is not null
order by subject asc
