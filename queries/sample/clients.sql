-- What:    The clients of the sample firm: name, kind of work, size, terms and way of paying.
-- Grain:   one row per client.
-- Units:   weight: thousandths of a small client's share of the invoices.
-- Source:  setting, words, draft_staff, awkward_client
create table draft_client as
with

thrown as (

    select
        client_n,
        case
            when chance('kind', client_n) < 0.44 then 'individual'
            when chance('kind', client_n) < 0.52 then 'trust'
            when chance('kind', client_n) < 0.59 then 'nonprofit'
            else 'company'
        end as kind,
        chance('form', client_n) as form,
        word(getvariable('first_names'), 'first name', client_n) as first_name,
        word(getvariable('last_names'), 'last name', client_n) as last_name,
        word(getvariable('first_names'), 'spouse first name', client_n) as spouse_first_name,
        word(getvariable('last_names'), 'spouse last name', client_n) as spouse_last_name,
        word(getvariable('towns'), 'town', client_n) as town,
        chance('trade', client_n) < 0.18 as is_profession
    from range(1, getvariable('clients') + 1) as numbers (client_n)

),

worded as (

    select
        *,
        word(getvariable('brand_first'), 'brand', client_n)
        || ' ' || word(getvariable('brand_second'), 'brand too', client_n) as brand,
        case
            when is_profession then word(getvariable('professions'), 'profession', client_n)
            else word(getvariable('trades'), 'trade', client_n)
        end as trade,
        case
            when is_profession
                then word(getvariable('profession_endings'), 'ending', client_n)
            else word(getvariable('company_endings'), 'ending', client_n)
        end as ending,
        case
            when chance('initial', client_n) < 0.3
                then ' ' || chr(65 + dice('initial letter', client_n, 25)) || '.'
            else ''
        end as initial
    from thrown

),

named as (

    select
        *,
        case kind
            when 'individual'
                then case
                    when form < 0.52 then last_name || ', ' || first_name || initial
                    when form < 0.9
                        then last_name || ', ' || first_name || initial
                            || ' & ' || spouse_first_name
                    else last_name || ', ' || first_name
                        || ' & ' || spouse_last_name || ', ' || spouse_first_name
                end
            when 'trust'
                then case
                    when form < 0.35 then last_name || ' Family Trust'
                    when form < 0.6
                        then first_name || initial || ' ' || last_name || ' Revocable Trust'
                    when form < 0.8
                        then 'The ' || last_name || ' Irrevocable Trust dtd '
                            || (1988 + dice('trust year', client_n, 35))::varchar
                    else 'Estate of ' || first_name || initial || ' ' || last_name
                end
            when 'nonprofit'
                then case
                    when form < 0.6
                        then town || ' ' || word(getvariable('causes'), 'cause', client_n)
                    when form < 0.75
                        then brand || ' ' || word(getvariable('causes'), 'cause', client_n)
                    when form < 0.88
                        then 'St. ' || word(getvariable('saints'), 'saint', client_n)
                            || ' Parish of ' || town
                    else 'Friends of ' || brand || ' Park'
                end
            else case
                when form < 0.36 then brand || ' ' || trade || ' ' || ending
                when form < 0.5
                    then last_name || ' ' || word(getvariable('kin'), 'kin', client_n)
                        || ' ' || trade
                when form < 0.66 then last_name || ' ' || trade || ' ' || ending
                when form < 0.8 then town || ' ' || trade || ' ' || ending
                when form < 0.88 then first_name || '''s ' || trade
                when form < 0.94 then last_name || ' & ' || spouse_last_name || ' ' || ending
                else brand || ' ' || ending
            end
        end as first_choice
    from worded

),

told_apart as (

    select
        *,
        row_number() over (partition by first_choice order by client_n) as namesake
    from named

),

placed as (

    select
        told.client_n,
        coalesce(awkward.kind, told.kind) as kind,
        told.last_name,
        told.first_name,
        told.spouse_first_name,
        told.brand,
        told.town,
        coalesce(
            awkward.client_name,
            case
                when told.namesake = 1 then told.first_choice
                when told.kind = 'individual' then told.first_choice || ' (' || told.town || ')'
                else told.first_choice || ' – '
                    || word(getvariable('towns'), 'other town', told.client_n)
            end
            || case
                when told.namesake > 2
                    then ' ' || (1958 + dice('founded', told.client_n, 66))::varchar
                else ''
            end
        ) as client_name,
        awkward.situation,
        coalesce(
            awkward.client_status,
            case
                when chance('status', told.client_n) < 0.035 then 'Prospect'
                when chance('status', told.client_n) < 0.085 then 'Lost'
                when chance('status', told.client_n) < 0.1 then 'Suspended'
                else 'Active'
            end
        ) as client_status,
        awkward.client_n is not null as is_awkward,
        chance('profile', told.client_n) as profile_chance,
        chance('behaviour', told.client_n) as behaviour_chance,
        chance('terms', told.client_n) as terms_chance,
        chance('partner', told.client_n) as partner_chance,
        chance('manager', told.client_n) as manager_chance
    from told_apart as told
    left join awkward_client as awkward
        on told.client_n = awkward.client_n

),

profiled as (

    select
        *,
        case
            when situation = 'busy' then 'monthly'
            when kind in ('individual', 'trust') then kind
            when kind = 'company' and profile_chance < 0.3 then 'monthly'
            when kind = 'company' and profile_chance < 0.37 then 'audit'
            when kind = 'company' then 'business'
            when profile_chance < 0.15 then 'monthly'
            when profile_chance < 0.5 then 'audit'
            else 'nonprofit'
        end as profile
    from placed

),

weighed as (

    select
        *,
        case
            when situation in ('busy', 'silent') then 0
            when client_status = 'Prospect' and situation is null then 0
            when not is_awkward and chance('silent', client_n) < 0.03 then 0
            else (
                1000 * exp(0.4 * normal('weight', client_n)) * case profile
                    when 'monthly' then 9.0
                    when 'audit' then 3.6
                    when 'business' then 2.4
                    when 'nonprofit' then 2.0
                    else 1.1
                end
            )::bigint
        end as weight
    from profiled

)

select
    weighed.client_n,
    (1000 + weighed.client_n)::bigint as client_key,
    weighed.kind,
    weighed.profile,
    weighed.client_name,
    weighed.last_name,
    weighed.first_name,
    weighed.spouse_first_name,
    weighed.brand,
    weighed.town,
    weighed.situation,
    weighed.client_status,
    weighed.weight,
    case
        when weighed.behaviour_chance < 0.27 then 'prompt'
        when weighed.behaviour_chance < 0.53 then 'average'
        when weighed.behaviour_chance < 0.77 then 'slow'
        when weighed.behaviour_chance < 0.91 then 'very slow'
        else 'erratic'
    end as behaviour,
    case
        when weighed.terms_chance < 0.62 then 30
        when weighed.terms_chance < 0.86 then 15
        else 45
    end as terms_days,
    case
        when chance('method', weighed.client_n) < 0.45 then 4
        when chance('method', weighed.client_n) < 0.75 then 11
        when chance('method', weighed.client_n) < 0.95 then 9
        else 8
    end as method_type,
    chance('batch', weighed.client_n) < 0.3 as pays_at_month_end,
    partner.staff_key as partner_key,
    partner.office_key as partner_office_key,
    manager.staff_key as manager_key
from weighed
asof join (
    select staff_key, office_key, book_from from draft_staff where staff_role = 'Partner'
) as partner
    on weighed.partner_chance >= partner.book_from
asof join (
    select staff_key, book_from from draft_staff where staff_role = 'Manager'
) as manager
    on weighed.manager_chance >= manager.book_from
order by weighed.client_n
