-- What:    Whose clients a person can narrow a page to.
-- Grain:   one row per partner, manager and office of the clients within reach.
-- Params:  $sees_all BOOLEAN  true for somebody with all clients
--          $staff_id KEY      else only clients where this person is partner or manager
-- Source:  client_list, staff
with

within_reach as (

    select
        client_list.partner_id,
        client_list.manager_id,
        client_list.office
    from client_list
    where
        $sees_all
        or client_list.partner_id = $staff_id
        or client_list.manager_id = $staff_id

),

choices as (

    select distinct
        'partner' as choice_kind,
        staff.staff_id::varchar as choice_key,
        staff.full_name as choice_name
    from within_reach
    inner join staff
        on within_reach.partner_id = staff.staff_id
    union all
    select distinct
        'manager' as choice_kind,
        staff.staff_id::varchar as choice_key,
        staff.full_name as choice_name
    from within_reach
    inner join staff
        on within_reach.manager_id = staff.staff_id
    union all
    select distinct
        'office' as choice_kind,
        within_reach.office as choice_key,
        within_reach.office as choice_name
    from within_reach
    where coalesce(within_reach.office, '') <> ''

)

select
    choices.choice_kind,
    choices.choice_key,
    choices.choice_name
from choices
order by
    choices.choice_kind asc,
    lower(choices.choice_name) asc,
    choices.choice_key asc
