-- What:    Payments of some clients since a day, as far as each invoice and what is not applied.
-- Grain:   one row per payment (or return) and invoice it pays; one more for what is left.
-- Params:  $clients VARCHAR[]  the clients
--          $since DATE  payments dated before it are left out
-- Units:   cents whole cents; a return is negative.
-- Source:  receipt_list, applications
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
order by
    client_id asc,
    receipt_date asc,
    cents asc,
    invoice_id asc
