-- What:    What is owed now: outstanding, overdue, newly overdue, unapplied.
-- Grain:   one row.
-- Params:  $sees_all BOOLEAN  true for somebody with all clients
--          $staff_id KEY      else only clients where this person is partner or manager
--          $currency VARCHAR  only what is in this currency
--          $today DATE        the firm's day; overdue is due before it
--          $since DATE        newly overdue was not overdue on this day
-- Units:   *_cents whole cents.
-- Source:  shown.open_invoices, shown.client_list
-- Ties to: lists/clients (outstanding_cents, overdue_cents, unapplied_cents)
with

owed as (

    select
        sum(open_invoices.outstanding_cents) as outstanding_cents,
        count(*) as open_invoices,
        count(distinct open_invoices.client_id) as owing_clients,
        sum(open_invoices.outstanding_cents)
            filter (where open_invoices.due_key < $today) as overdue_cents,
        count(*) filter (where open_invoices.due_key < $today) as overdue_invoices,
        count(distinct open_invoices.client_id)
            filter (where open_invoices.due_key < $today) as overdue_clients,
        sum(open_invoices.outstanding_cents) filter (
            where open_invoices.due_key >= $since and open_invoices.due_key < $today
        ) as newly_overdue_cents,
        count(*) filter (
            where open_invoices.due_key >= $since and open_invoices.due_key < $today
        ) as newly_overdue_invoices
    from shown.open_invoices
    where
        open_invoices.currency = $currency
        and (
            $sees_all
            or open_invoices.partner_id = $staff_id
            or open_invoices.manager_id = $staff_id
        )

),

held as (

    select
        sum(client_list.unapplied_cents) as unapplied_cents,
        count(*) as clients
    from shown.client_list
    where
        client_list.currency = $currency
        and (
            $sees_all
            or client_list.partner_id = $staff_id
            or client_list.manager_id = $staff_id
        )

)

select
    coalesce(owed.outstanding_cents, 0)::bigint as outstanding_cents,
    owed.open_invoices,
    owed.owing_clients,
    coalesce(owed.overdue_cents, 0)::bigint as overdue_cents,
    owed.overdue_invoices,
    owed.overdue_clients,
    coalesce(owed.newly_overdue_cents, 0)::bigint as newly_overdue_cents,
    owed.newly_overdue_invoices,
    coalesce(held.unapplied_cents, 0)::bigint as unapplied_cents,
    held.clients
from owed
cross join held
order by outstanding_cents asc
