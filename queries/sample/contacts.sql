-- What:    The people at each client; some serve several clients.
-- Grain:   one row per client and place on its list of contacts.
-- Source:  draft_client. contact_n names the person: two rows with one contact_n are one person.
create table draft_contact as
with

sizes as (

    select
        client_n,
        client_key,
        kind,
        client_name,
        first_name,
        last_name,
        spouse_first_name,
        case
            when situation = 'no_contact' then 0
            when situation is null and chance('no contact', client_n) < 0.015 then 0
            when kind = 'individual' then 1 + dice('contacts', client_n, 2)
            when kind = 'trust' then 1 + dice('contacts', client_n, 3)
            else 1 + dice('contacts', client_n, 4)
        end as contacts
    from draft_client

),

owners as (

    select
        client_n,
        row_number() over (order by client_n) - 1 as owner_place
    from sizes
    where
        kind = 'individual'
        and contacts > 0

),

places as (

    select
        *,
        unnest(range(1, contacts + 1)) as place,
        regexp_replace(lower(strip_accents(client_name)), '[^a-z0-9]+', '', 'g') as letters
    from sizes

),

people as (

    select
        client_n,
        client_key,
        kind,
        contacts,
        place,
        client_n * 8 + place as draw,
        case
            when starts_with(client_name, '<script') and place = 1
                then '<img src=x onerror=alert(2)>'
            when kind = 'individual' and place = 1 then first_name
            when kind = 'individual' then spouse_first_name
            else word(getvariable('first_names'), 'contact first name', client_n * 8 + place)
        end as first_name,
        case
            when kind = 'individual' or (kind = 'trust' and place = 1) then last_name
            else word(getvariable('last_names'), 'contact last name', client_n * 8 + place)
        end as last_name,
        case
            when kind in ('individual', 'trust')
                then word(getvariable('mail_hosts'), 'mail host', client_n * 8 + place)
            when length(letters) < 4 then 'client' || client_key::varchar || '.example'
            else left(regexp_replace(letters, '(pllc|llc|inc|corp|ltd|llp)$', ''), 24)
                || '.example'
        end as mail_host,
        case
            when
                kind in ('company', 'nonprofit')
                and place = 1
                and chance('owner', client_n) < 0.08
                then dice('which owner', client_n, (select count(*) from owners)::ubigint)
        end as owner_place
    from places

),

owned as (

    select
        people.*,
        owners.client_n as owner_n
    from people
    left join owners
        on people.owner_place = owners.owner_place

)

select
    client_n,
    client_key,
    place,
    draw,
    coalesce(owner_n * 8 + 1, draw) as contact_n,
    owner_n is null as is_new_person,
    first_name || ' ' || last_name as full_name,
    case
        when chance('no address', draw) < 0.05 then null
        else regexp_replace(lower(strip_accents(first_name)), '[^a-z]+', '', 'g') || '.'
            || regexp_replace(lower(strip_accents(last_name)), '[^a-z]+', '', 'g')
            || '@' || mail_host
    end as email,
    case
        when chance('phone', draw) < 0.8
            then '(' || (200 + dice('area', client_n, 700))::varchar || ') 555-01'
                || lpad(dice('phone number', draw, 100)::varchar, 2, '0')
    end as phone,
    place = 1 and chance('primary', client_n) < 0.94 as is_primary,
    chance('no flags', client_n) >= 0.06
    and place = case when contacts >= 2 and chance('billing', client_n) < 0.5 then 2 else 1 end
        as is_billing,
    chance('invoice mail', draw) as invoice_chance,
    chance('statement mail', draw) as statement_chance
from owned
order by
    client_n,
    place
