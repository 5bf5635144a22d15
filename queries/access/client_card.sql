-- What:    What a command needs to know of one client: its people at the firm, whom to bill.
-- Grain:   one row, or none for a client the firm does not show.
-- Params:  $client_id KEY     the client, or null to look for the number
--          $client_number VARCHAR  its number, or null
-- Source:  clients, staff, contacts
select
    clients.client_id::varchar as client_id,
    clients.client_number,
    clients.client_name,
    clients.partner_id::varchar as partner_id,
    clients.manager_id::varchar as manager_id,
    clients.client_group,
    partner.email as partner_email,
    responsible.full_name as responsible_name,
    responsible.email as responsible_email,
    (
        select list(contacts.email order by contacts.contact_id)
        from contacts
        where
            contacts.client_id = clients.client_id
            and contacts.is_billing
            and coalesce(contacts.email, '') <> ''
    ) as billing_emails
from clients
left join staff as partner
    on clients.partner_id = partner.staff_id and partner.is_active
left join staff as responsible
    on clients.responsible_id = responsible.staff_id and responsible.is_active
where
    clients.client_id = $client_id
    or clients.client_number = $client_number
order by clients.client_id asc
limit 2
