-- What:    Who is billed, with the partner and the manager in charge today.
-- Grain:   one row per client of every status; the firm's excluded statuses are left out later.
-- Units:   opened_date is the firm's day; changed_at is UTC.
-- Source:  Client, Client_Status, Office, Client_Staff_Grouping (dated; the newest row of a role
--          that has begun counts), Custom_Value of the field named by client_group_field
with

current_staff as (

    select
        client_KEY,
        staff_role,
        staff_KEY
    from pms.Client_Staff_Grouping
    where
        date_effective::date <= current_date
        and staff_role in (firm_choice('partner_role'), firm_choice('manager_role'))
    qualify row_number() over (
        partition by client_KEY, staff_role
        order by date_effective desc, client_staff_grouping_KEY desc
    ) = 1

),

client_staff as (

    select
        client_KEY,
        max(staff_KEY) filter (staff_role = firm_choice('partner_role')) as partner_id,
        max(staff_KEY) filter (staff_role = firm_choice('manager_role')) as manager_id
    from current_staff
    group by client_KEY

),

staff_change as (

    select
        client_KEY,
        max(update_date_utc::timestamp) as changed_at
    from pms.Client_Staff_Grouping
    group by client_KEY

),

client_groups as (

    select
        custom_value.client_KEY,
        min(nullif(trim(custom_value.value), '')) as client_group,
        max(custom_value.update_date_utc::timestamp) as changed_at
    from pms.Custom_Value as custom_value
    inner join pms.Custom_Field as custom_field
        on custom_value.custom_field_KEY = custom_field.custom_field_KEY
    where
        custom_field.description = firm_choice('client_group_field')
        and custom_value.contact_KEY is null
    group by custom_value.client_KEY

)

select
    client.client_KEY as client_id,
    client.client_id as client_number,
    client.description as client_name,
    client_groups.client_group as client_group,
    client_status.description as client_status,
    office.description as office,
    client_staff.partner_id as partner_id,
    client_staff.manager_id as manager_id,
    case firm_choice('responsible_staff')
        when 'partner' then client_staff.partner_id
        else client_staff.manager_id
    end as responsible_id,
    client.date_opened::date as opened_date,
    greatest(
        client.update_date_utc::timestamp, staff_change.changed_at, client_groups.changed_at
    ) as changed_at
from pms.Client as client
left join pms.Client_Status as client_status
    on client.client_status_KEY = client_status.client_status_KEY
left join pms.Office as office
    on client.office_KEY = office.office_KEY
left join client_staff
    on client.client_KEY = client_staff.client_KEY
left join staff_change
    on client.client_KEY = staff_change.client_KEY
left join client_groups
    on client.client_KEY = client_groups.client_KEY
