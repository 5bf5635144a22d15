-- What:    Whether a person has any client that fits a client, partner and manager asked for.
-- Grain:   one row.
-- Params:  $staff_id KEY    the person, as partner or manager
--          $client_id KEY   the client asked for; null means any
--          $partner_id KEY  the partner asked for; null means any
--          $manager_id KEY  the manager asked for; null means any
-- Source:  client_list
select count(*) > 0 as is_reachable
from client_list
where
    (client_list.partner_id = $staff_id or client_list.manager_id = $staff_id)
    and ($client_id is null or client_list.client_id = $client_id)
    and ($partner_id is null or client_list.partner_id = $partner_id)
    and ($manager_id is null or client_list.manager_id = $manager_id)
order by is_reachable
