-- What:    Payments of some clients since a day, as far as each invoice and what is not applied.
--          A payment through the portal counts from the moment it is captured, or the bank has it,
--          and is taken back with its refund or return, whatever the other system shows so far.
-- Grain:   one row per payment (or return) and invoice it pays; one more for what is left; one
--          per part of a portal payment that the practice management system does not show yet.
-- Params:  $clients VARCHAR[]  the clients
--          $since DATE  payments dated before it are left out
-- Units:   cents whole cents; a return is negative.
-- Source:  receipt_list, applications, shown.pending_items, store.payments
with

received as (

    select
        receipt_list.receipt_id,
        receipt_list.client_id,
        receipt_list.currency,
        receipt_list.receipt_date,
        receipt_list.unapplied_cents
    from receipt_list
    where
        receipt_list.entry_kind in ('payment', 'return')
        and receipt_list.receipt_date >= $since
        and receipt_list.client_id::varchar in (select unnest($clients::varchar[]))

)

select
    received.client_id::varchar as client_id,
    received.currency,
    received.receipt_date,
    applications.invoice_id::varchar as invoice_id,
    applications.amount_cents as cents
from received
inner join applications
    on received.receipt_id = applications.receipt_id
where applications.amount_cents <> 0
union all
select
    received.client_id::varchar as client_id,
    received.currency,
    received.receipt_date,
    null as invoice_id,
    received.unapplied_cents as cents
from received
where received.unapplied_cents <> 0
union all
select
    pending_items.client_id::varchar as client_id,
    pending_items.currency,
    pending_items.day as receipt_date,
    pending_items.invoice_id::varchar as invoice_id,
    pending_items.pending_cents as cents
from shown.pending_items
inner join store.payments
    on pending_items.payment_id = payments.payment_id
where
    pending_items.day >= $since
    and pending_items.client_id::varchar in (select unnest($clients::varchar[]))
    and (
        pending_items.pending_cents < 0
        or payments.state in ('processing', 'succeeded', 'part_refunded')
    )
order by
    client_id asc,
    receipt_date asc,
    cents asc,
    invoice_id asc
