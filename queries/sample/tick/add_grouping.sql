-- What:    A client comes under a partner or manager from a day on.
insert into Client_Staff_Grouping (
    client_KEY, staff_KEY, staff_role, date_effective, update_date_utc
)
values (:client, :staff, :role, :effective, :stamp)
