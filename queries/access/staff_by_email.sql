-- What:    The active staff with an email address: who is it that signs in?
-- Grain:   one row per active staff member with that address.
-- Params:  $email VARCHAR  the address, in lower case
-- Units:   none
-- Source:  staff
-- Ties to: nothing
select staff.staff_id
from staff
where
    lower(trim(staff.email)) = $email
    and coalesce(staff.is_active, true)
order by staff.staff_id
