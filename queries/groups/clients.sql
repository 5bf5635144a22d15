-- What:    The clients of a group that owe something, the largest first.
-- Grain:   one row per client.
-- Params:  $sees_all BOOLEAN  true for somebody with all clients
--          $staff_id KEY      else only clients where this person is partner or manager
--          $client_group VARCHAR  the group
--          $currency VARCHAR  balances are in this currency
-- Units:   outstanding_cents whole cents.
-- Source:  shown.client_list
select
    client_list.client_id::varchar as client_id,
    client_list.client_name,
    client_list.outstanding_cents
from shown.client_list
where
    client_list.client_group = $client_group
    and client_list.currency = $currency
    and client_list.outstanding_cents > 0
    and (
        $sees_all
        or client_list.partner_id = $staff_id
        or client_list.manager_id = $staff_id
    )
order by
    client_list.outstanding_cents desc,
    client_list.client_id asc
