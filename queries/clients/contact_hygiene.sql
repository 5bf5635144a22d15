-- What:    What keeps mail from reaching a client that owes something, or reaches too many.
-- Grain:   one row per client and problem: the first 5,000, and of each problem at least one.
-- Params:  $sees_all BOOLEAN  true for somebody with all clients
--          $staff_id KEY      else only clients where this person is partner or manager
--          $currency VARCHAR  balances are in this currency
--          $bounced VARCHAR[]  addresses that came back for good, in lower case
--          $problem VARCHAR   rows of this problem; null for all of them
-- Units:   outstanding_cents whole cents; of_problem how many rows there are of the problem.
-- Source:  shown.client_list, contacts, store.portal_users, store.portal_user_clients
with

owing as (

    select
        client_list.client_id,
        client_list.client_number,
        client_list.client_name,
        client_list.name_rank,
        client_list.outstanding_cents
    from shown.client_list
    where
        client_list.outstanding_cents > 0
        and client_list.currency = $currency
        and (
            $sees_all
            or client_list.partner_id = $staff_id
            or client_list.manager_id = $staff_id
        )

),

addresses as (

    select
        contacts.client_id,
        contacts.full_name,
        lower(trim(contacts.email)) as address,
        contacts.receives_statements,
        contacts.receives_invoices
    from contacts
    where coalesce(trim(contacts.email), '') <> ''

),

shared as (

    select
        addresses.address,
        count(distinct addresses.client_id) as clients
    from addresses
    group by addresses.address
    having count(distinct addresses.client_id) > 5

),

problems as (

    select
        owing.client_id,
        'No contact at all' as problem,
        'Nobody is known at this client.' as detail
    from owing
    where owing.client_id not in (select contacts.client_id from contacts)
    union all
    select
        owing.client_id,
        'Nobody to write to' as problem,
        'No contact has an email address.' as detail
    from owing
    where
        owing.client_id in (select contacts.client_id from contacts)
        and owing.client_id not in (select addresses.client_id from addresses)
    union all
    select
        owing.client_id,
        'No statement contact' as problem,
        'No contact with an address receives statements.' as detail
    from owing
    where
        owing.client_id in (select addresses.client_id from addresses)
        and owing.client_id not in (
            select addresses.client_id from addresses where addresses.receives_statements
        )
    union all
    select
        addresses.client_id,
        'Address came back' as problem,
        concat(addresses.full_name, ' <', addresses.address, '>') as detail
    from addresses
    where addresses.address in (select unnest($bounced::varchar[]))
    union all
    select
        addresses.client_id,
        'Same address twice' as problem,
        concat(count(*), ' contacts have ', addresses.address) as detail
    from addresses
    group by
        addresses.client_id,
        addresses.address
    having count(*) > 1
    union all
    select distinct
        addresses.client_id,
        'Address of many clients' as problem,
        concat(addresses.address, ' is a contact of ', shared.clients, ' clients') as detail
    from addresses
    inner join shared
        on addresses.address = shared.address
    where addresses.receives_statements or addresses.receives_invoices
    union all
    select distinct
        addresses.client_id,
        'Portal user not linked' as problem,
        concat(addresses.address, ' has a client portal account without this client') as detail
    from addresses
    inner join store.portal_users as portal_users
        on addresses.address = portal_users.email
    left join store.portal_user_clients as linked
        on
            portal_users.portal_user_id = linked.portal_user_id
            and addresses.client_id = linked.client_id
    where linked.client_id is null

)

select
    concat(problems.client_id, '-', problems.problem, '-', problems.detail) as row_id,
    problems.client_id::varchar as client_id,
    owing.client_number,
    owing.client_name,
    owing.outstanding_cents,
    problems.problem,
    problems.detail,
    count(*) over (partition by problems.problem) as of_problem
from problems
inner join owing
    on problems.client_id = owing.client_id
window
    by_problem as (
        partition by problems.problem
        order by owing.outstanding_cents desc, owing.name_rank asc, problems.detail asc
    ),
    by_wanted as (
        partition by coalesce(problems.problem = $problem::varchar, true)
        order by
            owing.outstanding_cents desc,
            owing.name_rank asc,
            problems.problem asc,
            problems.detail asc
    )
qualify
    row_number() over by_problem = 1
    or (
        coalesce(problems.problem = $problem::varchar, true)
        and row_number() over by_wanted <= 5000
    )
order by
    owing.outstanding_cents desc,
    owing.name_rank asc,
    problems.problem asc,
    problems.detail asc
