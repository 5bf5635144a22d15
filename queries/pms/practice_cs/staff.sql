-- What:    The people of the firm.
-- Grain:   one row per staff record, leavers included.
-- Source:  Staff
select
    staff.staff_KEY as staff_id,
    staff.description as full_name,
    staff.email as email,
    coalesce(staff.date_left::date > current_date, true) as is_active
from pms.Staff as staff
