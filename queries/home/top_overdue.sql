-- What:    The clients with the most overdue.
-- Grain:   one row per client, the largest amounts first.
-- Params:  $sees_all BOOLEAN  true for somebody with all clients
--          $staff_id KEY      else only clients where this person is partner or manager
--          $currency VARCHAR  only what is in this currency
--          $today DATE        the firm's day; overdue is due before it
--          $most INTEGER      how many clients at the most
-- Units:   *_cents whole cents; oldest_days days past the oldest due date.
-- Source:  open_invoices, client_list
-- Ties to: worklist/overdue_clients (overdue_cents)
with

overdue as (

    select
        open_invoices.client_id,
        sum(open_invoices.outstanding_cents)::bigint as overdue_cents,
        count(*) as overdue_invoices,
        ($today - min(open_invoices.due_key))::bigint as oldest_days
    from shown.open_invoices
    where
        open_invoices.due_key < $today
        and open_invoices.currency = $currency
        and (
            $sees_all
            or open_invoices.partner_id = $staff_id
            or open_invoices.manager_id = $staff_id
        )
    group by open_invoices.client_id

)

select
    client_list.client_id::varchar as client_id,
    client_list.client_name,
    overdue.overdue_cents,
    overdue.overdue_invoices,
    overdue.oldest_days,
    client_list.outstanding_cents,
    client_list.last_payment_date
from overdue
inner join shown.client_list
    on overdue.client_id = client_list.client_id and client_list.currency = $currency
order by
    overdue.overdue_cents desc,
    client_list.name_rank asc
limit $most
