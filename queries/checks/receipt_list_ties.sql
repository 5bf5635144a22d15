-- What:    Receipts whose unapplied part is not their amount less their applications.
-- Grain:   one row per wrong receipt.
-- Units:   *_cents whole cents.
-- Source:  receipt_list, applications
with

applied as (

    select
        applications.receipt_id,
        sum(applications.amount_cents)::bigint as applied_cents
    from applications
    group by applications.receipt_id

)

select
    receipt_list.receipt_id,
    receipt_list.unapplied_cents,
    receipt_list.amount_cents - coalesce(applied.applied_cents, 0) as expected_cents
from receipt_list
left join applied
    on receipt_list.receipt_id = applied.receipt_id
where
    receipt_list.unapplied_cents
    <> receipt_list.amount_cents - coalesce(applied.applied_cents, 0)
order by receipt_list.receipt_id
