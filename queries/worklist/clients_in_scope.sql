-- What:    The clients a person sees, for requests that the store keeps.
-- Grain:   one row per client.
-- Params:  $sees_all BOOLEAN  true for somebody with all clients
--          $staff_id KEY      else only clients where this person is partner or manager
-- Source:  clients
select clients.client_id::varchar as client_id
from clients
where
    $sees_all
    or clients.partner_id = $staff_id
    or clients.manager_id = $staff_id
order by clients.client_id asc
