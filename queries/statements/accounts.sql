-- What:    Clients as statements see them: the firm's people for them, and money received and not
--          applied.
-- Grain:   one row per client and currency.
-- Params:  $clients VARCHAR[]  the clients
-- Units:   unapplied_cents whole cents of the currency.
-- Source:  client_list, clients, staff
select
    client_list.client_id::varchar as client_id,
    client_list.client_number,
    client_list.client_name,
    client_list.partner_id::varchar as partner_id,
    client_list.manager_id::varchar as manager_id,
    partner.full_name as partner_name,
    partner.email as partner_email,
    responsible.full_name as responsible_name,
    responsible.email as responsible_email,
    client_list.currency,
    client_list.unapplied_cents
from client_list
left join staff as partner
    on client_list.partner_id = partner.staff_id and partner.is_active
left join clients
    on client_list.client_id = clients.client_id
left join staff as responsible
    on clients.responsible_id = responsible.staff_id and responsible.is_active
where client_list.client_id::varchar in (select unnest($clients::varchar[]))
order by
    client_list.client_id asc,
    client_list.currency asc
