-- What:    Clients whose balance moved most since a day: billed, paid off, and what that makes.
-- Grain:   one row per client, the largest moves first.
-- Params:  $sees_all BOOLEAN  true for somebody with all clients
--          $staff_id KEY      else only clients where this person is partner or manager
--          $currency VARCHAR  only what is in this currency
--          $since DATE        entries dated after it count
--          $today DATE        entries dated after it do not
--          $most INTEGER      how many clients at the most
-- Units:   *_cents whole cents; change_cents = billed_cents - settled_cents.
-- Source:  invoice_list, applications, client_list
with

moves as (

    select
        invoice_list.client_id,
        invoice_list.applied_cents + invoice_list.outstanding_cents as billed_cents,
        0 as settled_cents
    from invoice_list
    where
        invoice_list.invoice_date > $since
        and invoice_list.invoice_date <= $today
        and not invoice_list.is_void
        and invoice_list.currency = $currency
        and (
            $sees_all
            or invoice_list.partner_id = $staff_id
            or invoice_list.manager_id = $staff_id
        )
    union all
    select
        invoice_list.client_id,
        0 as billed_cents,
        applications.amount_cents as settled_cents
    from applications
    inner join invoice_list
        on applications.invoice_id = invoice_list.invoice_id
    where
        greatest(applications.applied_date, invoice_list.invoice_date) > $since
        and greatest(applications.applied_date, invoice_list.invoice_date) <= $today
        and not invoice_list.is_void
        and invoice_list.currency = $currency
        and (
            $sees_all
            or invoice_list.partner_id = $staff_id
            or invoice_list.manager_id = $staff_id
        )

),

moved as (

    select
        moves.client_id,
        sum(moves.billed_cents)::bigint as billed_cents,
        sum(moves.settled_cents)::bigint as settled_cents
    from moves
    group by moves.client_id
    having sum(moves.billed_cents) <> sum(moves.settled_cents)

)

select
    client_list.client_id::varchar as client_id,
    client_list.client_name,
    client_list.outstanding_cents,
    moved.billed_cents,
    moved.settled_cents,
    (moved.billed_cents - moved.settled_cents)::bigint as change_cents
from moved
inner join shown.client_list
    on moved.client_id = client_list.client_id and client_list.currency = $currency
order by
    abs(moved.billed_cents - moved.settled_cents) desc,
    client_list.name_rank asc
limit $most
