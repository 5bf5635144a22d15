-- What:    The partner and the manager with the most clients: whom the sample sign-ins stand for.
-- Grain:   one row per role that anybody has.
-- Params:  none
-- Units:   client_count counts clients.
-- Source:  clients, staff
-- Ties to: nothing
with

books as (

    select 'partner' as staff_role, partner_id as staff_id from clients
    union all
    select 'manager' as staff_role, manager_id as staff_id from clients

),

counted as (

    select
        staff_role,
        staff_id,
        count(*)::bigint as client_count
    from books
    where staff_id is not null
    group by staff_role, staff_id

)

select
    counted.staff_role,
    staff.full_name,
    staff.email,
    counted.client_count
from counted
inner join staff
    on counted.staff_id = staff.staff_id
where
    staff.email is not null
    and coalesce(staff.is_active, true)
qualify
    row_number() over (
        partition by counted.staff_role
        order by counted.client_count desc, counted.staff_id
    ) = 1
order by counted.staff_role
