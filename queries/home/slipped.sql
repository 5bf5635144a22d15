-- What:    Clients that slipped: something of theirs is in an older aging bucket than before.
-- Grain:   one row per client, the largest amounts first.
-- Params:  $sees_all BOOLEAN  true for somebody with all clients
--          $staff_id KEY      else only clients where this person is partner or manager
--          $currency VARCHAR  only what is in this currency
--          $today DATE        the firm's day
--          $since DATE        the day to compare with
--          $edges BIGINT[]    the last day of each bucket but the final one, rising
--          $most INTEGER      how many clients at the most
-- Units:   slipped_cents whole cents open on invoices that crossed an edge; days_overdue days.
-- Source:  shown.open_invoices, client_list
with

crossed as (

    select
        open_invoices.client_id,
        open_invoices.outstanding_cents,
        $today - open_invoices.due_date as days_overdue
    from shown.open_invoices
    where
        open_invoices.currency = $currency
        and open_invoices.due_date < $today
        -- cheap, and leaves few to count the edges of: older ones were in the last bucket then
        and open_invoices.due_date >= $since - list_max([0::bigint] || $edges::bigint[])::integer
        and len(list_filter([0::bigint] || $edges::bigint[], edge -> $today - open_invoices.due_date > edge))
        > len(
            list_filter([0::bigint] || $edges::bigint[], edge -> $since - open_invoices.due_date > edge)
        )
        and (
            $sees_all
            or open_invoices.partner_id = $staff_id
            or open_invoices.manager_id = $staff_id
        )

)

select
    client_list.client_id::varchar as client_id,
    client_list.client_name,
    sum(crossed.outstanding_cents)::bigint as slipped_cents,
    max(crossed.days_overdue)::bigint as days_overdue
from crossed
inner join client_list
    on crossed.client_id = client_list.client_id and client_list.currency = $currency
group by
    client_list.client_id,
    client_list.client_name,
    client_list.name_rank
order by
    slipped_cents desc,
    client_list.name_rank asc
limit $most
