-- What:    The clients a portal user is linked to.
-- Grain:   one row per client in the person's scope.
-- Params:  $sees_all BOOLEAN       true for somebody with all clients
--          $staff_id KEY           else only clients where this person is partner or manager
--          $portal_user_id VARCHAR the portal user
-- Source:  store.portal_user_clients, clients
select
    clients.client_id::varchar as client_id,
    clients.client_number,
    clients.client_name,
    portal_user_clients.linked_by
from store.portal_user_clients
inner join clients
    on portal_user_clients.client_id = clients.client_id
where
    portal_user_clients.portal_user_id = $portal_user_id
    and ($sees_all or clients.partner_id = $staff_id or clients.manager_id = $staff_id)
order by clients.client_name asc
