-- What:    What a person's clients owe together, how much of it is late and how much is unapplied.
-- Grain:   one row per currency.
-- Params:  $sees_all BOOLEAN  true for somebody with all clients
--          $staff_id KEY      else only clients where this person is partner or manager
--          $today DATE        the firm's day; overdue is due before it
-- Units:   *_cents whole cents.
-- Source:  client_list, open_invoices
-- Ties to: lists/clients (the sums under the list)
with

owed as (

    select
        client_list.currency,
        count(*) as client_count,
        count(*) filter (where client_list.outstanding_cents > 0) as clients_with_balance,
        count(*) filter (where client_list.unapplied_cents <> 0) as clients_with_unapplied,
        sum(client_list.outstanding_cents)::bigint as outstanding_cents,
        sum(client_list.unapplied_cents)::bigint as unapplied_cents
    from shown.client_list
    where $sees_all or client_list.partner_id = $staff_id or client_list.manager_id = $staff_id
    group by client_list.currency

),

late as (

    select
        open_invoices.currency,
        count(distinct open_invoices.client_id) as overdue_clients,
        sum(open_invoices.outstanding_cents)::bigint as overdue_cents
    from shown.open_invoices
    where
        open_invoices.due_key < $today
        and (
            $sees_all
            or open_invoices.partner_id = $staff_id
            or open_invoices.manager_id = $staff_id
        )
    group by open_invoices.currency

)

select
    owed.currency,
    owed.client_count,
    owed.clients_with_balance,
    owed.clients_with_unapplied,
    owed.outstanding_cents,
    coalesce(late.overdue_clients, 0) as overdue_clients,
    coalesce(late.overdue_cents, 0) as overdue_cents,
    owed.unapplied_cents
from owed
left join late
    on owed.currency = late.currency
order by owed.currency asc
