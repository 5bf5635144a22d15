-- What:    What a payer is shown of a client, and whom to ask at the firm.
-- Grain:   one row; none for a client that is left out.
-- Params:  $client_id KEY     the client
-- Source:  clients, staff
select
    clients.client_id::varchar as client_id,
    clients.client_number,
    clients.client_name,
    clients.partner_id::varchar as partner_id,
    clients.manager_id::varchar as manager_id,
    coalesce(responsible.full_name, '') as responsible_name,
    coalesce(responsible.email, '') as responsible_email
from clients
left join staff as responsible
    on clients.responsible_id = responsible.staff_id
where clients.client_id = $client_id
order by clients.client_id
