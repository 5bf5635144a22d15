-- What:    Who may be given a client in a role: those of the firm's people who hold others now.
-- Grain:   one row per person.
-- Params:  :role TEXT
-- Source:  Client_Staff_Grouping, Staff
select distinct staff.staff_KEY
from Staff as staff
inner join (
    select staff_KEY
    from Client_Staff_Grouping
    where staff_role = :role
    limit 2000
) as holders
    on staff.staff_KEY = holders.staff_KEY
where staff.date_left is null
order by staff.staff_KEY
