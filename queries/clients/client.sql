-- What:    Who a client is and who at the firm looks after it.
-- Grain:   one row; none for a client that is left out or not in the person's scope.
-- Params:  $sees_all BOOLEAN  true for somebody with all clients
--          $staff_id KEY      else only clients where this person is partner or manager
--          $client_id KEY     the client
-- Source:  clients, staff
select
    clients.client_id::varchar as client_id,
    clients.client_number,
    clients.client_name,
    clients.client_group,
    clients.client_status,
    clients.office,
    partner.full_name as partner,
    manager.full_name as manager,
    responsible.full_name as responsible,
    responsible.email as responsible_email,
    clients.opened_date
from clients
left join staff as partner
    on clients.partner_id = partner.staff_id
left join staff as manager
    on clients.manager_id = manager.staff_id
left join staff as responsible
    on clients.responsible_id = responsible.staff_id
where
    clients.client_id = $client_id
    and ($sees_all or clients.partner_id = $staff_id or clients.manager_id = $staff_id)
order by clients.client_id
