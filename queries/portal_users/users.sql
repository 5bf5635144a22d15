-- What:    People with an account in the client portal, and the clients they are linked to.
-- Grain:   one row per portal user.
-- Params:  $sees_all BOOLEAN  true for somebody with all clients
--          $staff_id KEY      else only users of clients where this person is partner or manager,
--                             and of what they are linked to only these clients
-- Units:   dates are the firm's.
-- Source:  store.portal_users, store.portal_user_clients, store.firm_zone, clients
with

links as (

    select
        portal_user_clients.portal_user_id,
        count(*) as client_count,
        string_agg(clients.client_name, ', ' order by clients.client_name) as client_names,
        string_agg(clients.client_number, ', ' order by clients.client_number) as client_numbers
    from store.portal_user_clients
    inner join clients
        on portal_user_clients.client_id = clients.client_id
    where $sees_all or clients.partner_id = $staff_id or clients.manager_id = $staff_id
    group by portal_user_clients.portal_user_id

)

select
    portal_users.portal_user_id,
    portal_users.full_name,
    portal_users.email,
    case
        when not portal_users.is_active then 'Off'
        when portal_users.verified_at is null then 'Not verified'
        else 'Active'
    end as status,
    coalesce(links.client_count, 0) as client_count,
    coalesce(links.client_names, '') as client_names,
    coalesce(links.client_numbers, '') as client_numbers,
    timezone(firm_zone.timezone, timezone('UTC', portal_users.created_at))::date as created_date,
    timezone(firm_zone.timezone, timezone('UTC', portal_users.last_sign_in_at))::date
        as last_sign_in_date
from store.portal_users
cross join store.firm_zone
left join links
    on portal_users.portal_user_id = links.portal_user_id
where $sees_all or links.client_count > 0
order by
    portal_users.email asc,
    portal_users.portal_user_id asc
