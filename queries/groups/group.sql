-- What:    Which client group this is, and how many of its clients the person may see.
-- Grain:   one row; none for a group without such clients.
-- Params:  $sees_all BOOLEAN      true for somebody with all clients
--          $staff_id KEY          else only clients where this person is partner or manager
--          $client_group VARCHAR  the client group
-- Source:  clients, staff
select
    clients.client_group,
    count(*) as clients,
    string_agg(distinct staff.full_name, ', ' order by staff.full_name) as partners,
    string_agg(distinct clients.office, ', ' order by clients.office) as offices
from clients
left join staff
    on clients.partner_id = staff.staff_id
where
    clients.client_group = $client_group
    and ($sees_all or clients.partner_id = $staff_id or clients.manager_id = $staff_id)
group by clients.client_group
order by clients.client_group
