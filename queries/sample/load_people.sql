-- What:    Staff, clients and contacts go into the practice management system.
-- Grain:   one INSERT per source table, keys rising.
-- Source:  draft_staff, draft_client, draft_invoice, draft_contact
insert into pms.Staff
select
    staff_key as staff_KEY,
    staff_id as staff_id,
    full_name as description,
    email as email,
    office_key as office_KEY,
    date_left::varchar as date_left,
    instant_text(getvariable('today') - 900, 'staff', staff_key) as update_date_utc
from draft_staff
order by staff_key;

create table draft_opening as
select
    draft_client.client_n,
    least(
        getvariable('today') - 20 - dice('opened', draft_client.client_n, 4300),
        min(draft_invoice.entry_date) - 5 - dice('before', draft_client.client_n, 60)
    )::date as opened,
    (
        coalesce(max(draft_invoice.entry_date), getvariable('today') - 500) + 40
    )::date as closed
from draft_client
left join draft_invoice
    on draft_client.client_n = draft_invoice.client_n
group by draft_client.client_n;

insert into pms.Client
with

lettered as (

    select
        *,
        rpad(
            left(
                regexp_replace(upper(strip_accents(client_name)), '[^A-Z]+', '', 'g') || 'CLI', 3
            ), 3, 'X'
        ) as letters,
        chance('number', client_n) < 0.55 as has_letters
    from draft_client

),

numbered as (

    select
        *,
        row_number() over (partition by letters order by client_n)
        + ascii(letters[3]) * 7 % 400 as letter_number
    from lettered

)

select
    numbered.client_key as client_KEY,
    case
        when numbered.has_letters
            then numbered.letters || lpad(numbered.letter_number::varchar, 4, '0')
        else (10000 + numbered.client_n)::varchar
    end as client_id,
    numbered.client_name as description,
    case numbered.client_status
        when 'Active' then 1 when 'Prospect' then 2 when 'Lost' then 3 else 4
    end as client_status_KEY,
    case
        when chance('office', numbered.client_n) < 0.85 then numbered.partner_office_key
        else 1 + dice('other office', numbered.client_n, 4)
    end as office_KEY,
    draft_opening.opened::varchar as date_opened,
    case when numbered.client_status = 'Lost' then draft_opening.closed::varchar end as date_left,
    instant_text(draft_opening.opened, 'client', numbered.client_n) as update_date_utc
from numbered
inner join draft_opening
    on numbered.client_n = draft_opening.client_n
order by numbered.client_key;

insert into pms.Client_Staff_Grouping
with

changes as (

    select
        draft_client.client_n,
        draft_client.client_key,
        draft_client.situation,
        draft_client.partner_key,
        draft_client.manager_key,
        draft_opening.opened,
        case
            when chance('new partner', draft_client.client_n) < 0.14
                then draft_opening.opened + (
                    (getvariable('today') - draft_opening.opened)
                    * chance('partner day', draft_client.client_n)
                )::integer
        end as partner_changed,
        case
            when chance('new manager', draft_client.client_n) < 0.22
                then draft_opening.opened + (
                    (getvariable('today') - draft_opening.opened)
                    * chance('manager day', draft_client.client_n)
                )::integer
        end as manager_changed,
        former_partner.staff_key as former_partner_key,
        former_manager.staff_key as former_manager_key
    from draft_client
    inner join draft_opening
        on draft_client.client_n = draft_opening.client_n
    cross join (
        select min(staff_key) as staff_key from draft_staff where staff_role = 'Former partner'
    ) as former_partner
    cross join (
        select min(staff_key) as staff_key from draft_staff where staff_role = 'Former manager'
    ) as former_manager

),

rows_of_history as (

    select
        client_key,
        client_n * 4 as place,
        former_partner_key as staff_key,
        'Partner' as staff_role,
        opened as effective
    from changes
    where partner_changed is not null
    union all by name
    select
        client_key,
        client_n * 4 + 1 as place,
        partner_key as staff_key,
        'Partner' as staff_role,
        coalesce(partner_changed, opened) as effective
    from changes
    where
        situation is distinct from 'no_partner'
        and (situation is not null or chance('no partner', client_n) >= 0.004)
    union all by name
    select
        client_key,
        client_n * 4 + 2 as place,
        former_manager_key as staff_key,
        'Manager' as staff_role,
        opened as effective
    from changes
    where manager_changed is not null
    union all by name
    select
        client_key,
        client_n * 4 + 3 as place,
        manager_key as staff_key,
        'Manager' as staff_role,
        coalesce(manager_changed, opened) as effective
    from changes

)

select
    row_number() over (order by place) as client_staff_grouping_KEY,
    client_key as client_KEY,
    staff_key as staff_KEY,
    staff_role as staff_role,
    effective::date::varchar as date_effective,
    instant_text(effective::date, 'grouping', place) as update_date_utc
from rows_of_history
where
    client_key not in (select client_key from draft_client where situation = 'no_partner')
    or staff_role <> 'Partner'
order by place;

create table contact_key as
select
    contact_n,
    (3000 + row_number() over (order by contact_n))::bigint as contact_key
from draft_contact
where is_new_person;

insert into pms.Contact
select
    contact_key.contact_key as contact_KEY,
    draft_contact.full_name as description,
    draft_contact.phone as phone_number,
    instant_text(getvariable('today') - dice('contact', draft_contact.draw, 1500), 'contact', 1)
        as update_date_utc
from draft_contact
inner join contact_key
    on draft_contact.contact_n = contact_key.contact_n
where draft_contact.is_new_person
order by contact_key.contact_key;

insert into pms.Contact_Email
with

addresses as (

    select
        contact_key.contact_key,
        draft_contact.email,
        1 as is_primary,
        draft_contact.draw
    from draft_contact
    inner join contact_key
        on draft_contact.contact_n = contact_key.contact_n
    where
        draft_contact.is_new_person
        and draft_contact.email is not null
    union all by name
    select
        contact_key.contact_key,
        split_part(draft_contact.email, '@', 1) || '@second.example' as email,
        0 as is_primary,
        draft_contact.draw
    from draft_contact
    inner join contact_key
        on draft_contact.contact_n = contact_key.contact_n
    where
        draft_contact.is_new_person
        and draft_contact.email is not null
        and chance('second address', draft_contact.draw) < 0.08

)

select
    row_number() over (order by contact_key, is_primary desc) as contact_email_KEY,
    contact_key as contact_KEY,
    email as email,
    is_primary as is_primary,
    instant_text(getvariable('today') - dice('address', draw, 1500), 'address', 1)
        as update_date_utc
from addresses
order by contact_email_KEY;

insert into pms.Client_Contact
select
    row_number() over (order by draft_contact.draw) as client_contact_KEY,
    draft_contact.client_key as client_KEY,
    contact_key.contact_key as contact_KEY,
    draft_contact.is_primary::integer as is_primary,
    draft_contact.is_billing::integer as is_billing,
    instant_text(getvariable('today') - dice('link', draft_contact.draw, 1500), 'link', 1)
        as update_date_utc
from draft_contact
inner join contact_key
    on draft_contact.contact_n = contact_key.contact_n
order by client_contact_KEY;

insert into pms.Custom_Value
with

written as (

    select
        1 as custom_field_key,
        client_key,
        null::bigint as contact_key,
        word(
            getvariable('last_names'),
            'group name',
            dice('group', client_n, (getvariable('clients') // 9)::ubigint)
        )
        || word(
            [' family', ' family', ' Holdings', ' group', ' companies'],
            'group kind',
            dice('group', client_n, (getvariable('clients') // 9)::ubigint)
        ) as value
    from draft_client
    where chance('in a group', client_n) < 0.24
    union all by name
    select
        2 as custom_field_key,
        draft_contact.client_key,
        contact_key.contact_key,
        'Yes' as value
    from draft_contact
    inner join contact_key
        on draft_contact.contact_n = contact_key.contact_n
    where draft_contact.invoice_chance < case when draft_contact.is_billing then 0.88 else 0.08 end
    union all by name
    select
        3 as custom_field_key,
        draft_contact.client_key,
        contact_key.contact_key,
        'Yes' as value
    from draft_contact
    inner join contact_key
        on draft_contact.contact_n = contact_key.contact_n
    where
        draft_contact.statement_chance
        < case when draft_contact.is_billing then 0.75 else 0.05 end

)

select
    row_number() over (order by custom_field_key, client_key, contact_key) as custom_value_KEY,
    custom_field_key as custom_field_KEY,
    client_key as client_KEY,
    contact_key as contact_KEY,
    value as value,
    instant_text(getvariable('today') - 400, 'value', client_key) as update_date_utc
from written
order by custom_value_KEY
