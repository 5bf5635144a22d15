-- What:    Receipts of the practice management system that do not fit the portal payment they name.
-- Grain:   one row per misfit; `subject` stays the same as long as the misfit does.
-- Units:   *_cents whole cents.
-- Source:  store.portal_items, posted_items
with

posted as (

    select
        posted_items.payment_id,
        any_value(posted_items.client_id) as client_id,
        coalesce(sum(posted_items.amount_cents) filter (where posted_items.amount_cents > 0), 0)
            ::bigint as in_cents,
        coalesce(sum(posted_items.amount_cents) filter (where posted_items.amount_cents < 0), 0)
            ::bigint as back_cents,
        count(*) filter (where posted_items.amount_cents > 0) as times_in,
        count(*) filter (where posted_items.amount_cents < 0) as times_back
    from posted_items
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
            else posted.in_cents
        end as posted_cents,
        case
            when portal_items.entry_kind = 'refund' then posted.times_back
            else posted.times_in
        end as times,
        posted.back_cents
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
            when compared.paying_client_id is distinct from compared.client_id
                then 'posted_to_another_client'
            when compared.has_failed and compared.back_cents = 0 then 'returned_after_posting'
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
