-- What:    The people of the sample firm; few of them hold big books.
-- Grain:   one row per person; 12 partners and 13 managers, more in a firm of over 2,000 clients.
-- Units:   book_from, book_to: the share of all clients that falls to this person, 0 to 1.
-- Source:  setting, words
create table draft_staff as
with

sizes as (

    select greatest(1.0, sqrt(clients / 2000.0)) as size
    from setting

),

people as (

    select 'Partner' as staff_role, unnest(range(1, 1 + round(12 * size)::bigint)) as place
    from sizes
    union all by name
    select 'Manager' as staff_role, unnest(range(1, 1 + round(13 * size)::bigint)) as place
    from sizes
    union all by name
    select 'Collector' as staff_role, unnest(range(1, 3)) as place
    union all by name
    select 'Administrator' as staff_role, 1 as place
    union all by name
    select 'Bookkeeper' as staff_role, unnest(range(1, 7)) as place
    union all by name
    select 'Former partner' as staff_role, 1 as place
    union all by name
    select 'Former manager' as staff_role, unnest(range(1, 3)) as place

),

known as (

    select *
    from (
        values
        ('Partner', 1, 'Thomas', 'Rowe', null),
        ('Partner', 2, 'Marian', 'Hartwell', 'partner'),
        ('Manager', 2, 'Jonas', 'Okafor', 'manager'),
        ('Collector', 1, 'Dolores', 'Reyes', 'collector'),
        ('Administrator', 1, 'Priya', 'Raman', 'admin')
    ) as known (staff_role, place, first_name, last_name, mailbox)

),

named as (

    select
        people.staff_role,
        people.place,
        coalesce(
            known.first_name, word(getvariable('first_names'), people.staff_role, people.place)
        ) as first_name,
        coalesce(
            known.last_name, word(getvariable('last_names'), people.staff_role, people.place)
        ) as last_name,
        known.mailbox,
        case
            when people.staff_role in ('Partner', 'Manager') then 1 / pow(people.place, 0.65)
            else 0
        end as weight,
        row_number() over (
            order by
                list_position(
                    [
                        'Partner', 'Manager', 'Collector', 'Administrator', 'Bookkeeper',
                        'Former partner', 'Former manager'
                    ],
                    people.staff_role
                ),
                people.place
        ) as n
    from people
    left join known
        on
            people.staff_role = known.staff_role
            and people.place = known.place

),

addressed as (

    select
        *,
        lower(first_name || '.' || last_name) as own_mailbox,
        row_number() over (partition by first_name, last_name order by n) as namesake,
        sum(weight) over (partition by staff_role order by place) as weight_to,
        sum(weight) over (partition by staff_role) as weight_all
    from named

)

select
    (100 + n)::bigint as staff_key,
    staff_role,
    place,
    upper(left(first_name, 1) || left(last_name, 2)) || (100 + n)::varchar as staff_id,
    first_name || ' ' || last_name as full_name,
    coalesce(mailbox, own_mailbox || case when namesake > 1 then namesake::varchar else '' end)
    || '@hartwell.example' as email,
    case when staff_role = 'Partner' and place <= 4 then place else 1 + dice('office', n, 4) end
    as office_key,
    case
        when starts_with(staff_role, 'Former')
            then (getvariable('today') - (200 + dice('left', n, 500)))::date
    end as date_left,
    case when weight_all > 0 then (weight_to - weight) / weight_all end as book_from
from addressed
order by staff_key
