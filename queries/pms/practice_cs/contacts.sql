-- What:    The people at each client, and which mail each is to get.
-- Grain:   one row per contact and client; a shared contact has one row for each client.
-- Units:   changed_at is UTC.
-- Source:  Contact, Contact_Email (the primary address, else the oldest), Client_Contact,
--          Custom_Value of the fields named by receives_invoices_flag, receives_statements_flag
with

addresses as (

    select
        contact_KEY,
        email,
        update_date_utc::timestamp as changed_at
    from pms.Contact_Email
    where nullif(trim(email), '') is not null
    qualify row_number() over (
        partition by contact_KEY
        order by is_primary desc, contact_email_KEY asc
    ) = 1

),

links as (

    select
        contact_KEY,
        client_KEY,
        bool_or(is_primary = 1) as is_primary,
        bool_or(is_billing = 1) as is_billing,
        max(update_date_utc::timestamp) as changed_at
    from pms.Client_Contact
    group by contact_KEY, client_KEY

),

flags as (

    select
        custom_value.contact_KEY,
        custom_value.client_KEY,
        bool_or(custom_field.description = firm_choice('receives_invoices_flag'))
            as receives_invoices,
        bool_or(custom_field.description = firm_choice('receives_statements_flag'))
            as receives_statements,
        max(custom_value.update_date_utc::timestamp) as changed_at
    from pms.Custom_Value as custom_value
    inner join pms.Custom_Field as custom_field
        on custom_value.custom_field_KEY = custom_field.custom_field_KEY
    where
        custom_value.contact_KEY is not null
        and lower(trim(custom_value.value)) in ('1', 'y', 'yes', 'true')
    group by custom_value.contact_KEY, custom_value.client_KEY

)

select
    links.contact_KEY as contact_id,
    links.client_KEY as client_id,
    contact.description as full_name,
    addresses.email as email,
    contact.phone_number as phone,
    links.is_primary as is_primary,
    links.is_billing as is_billing,
    coalesce(flags.receives_invoices, false) as receives_invoices,
    coalesce(flags.receives_statements, false) as receives_statements,
    greatest(
        contact.update_date_utc::timestamp,
        addresses.changed_at,
        links.changed_at,
        flags.changed_at
    ) as changed_at
from links
inner join pms.Contact as contact
    on links.contact_KEY = contact.contact_KEY
left join addresses
    on links.contact_KEY = addresses.contact_KEY
left join flags
    on
        links.contact_KEY = flags.contact_KEY
        and links.client_KEY = flags.client_KEY
