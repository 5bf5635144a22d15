-- What:    The clients somebody is a contact of, by email.
-- Grain:   one row per client.
-- Params:  $email VARCHAR  the address, in lower case
-- Source:  contacts, clients
select distinct clients.client_id::varchar as client_id
from contacts
inner join clients
    on contacts.client_id = clients.client_id
where lower(trim(contacts.email)) = $email
order by client_id
