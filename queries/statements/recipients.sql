-- What:    The contacts of some clients that the firm marked as receiving statements.
-- Grain:   one row per client and address; of two contacts with one address the primary one.
-- Params:  $clients VARCHAR[]  the clients
-- Source:  contacts
select
    contacts.client_id::varchar as client_id,
    trim(contacts.email) as email,
    contacts.full_name
from contacts
where
    contacts.receives_statements
    and coalesce(trim(contacts.email), '') <> ''
    and contacts.client_id::varchar in (select unnest($clients::varchar[]))
qualify row_number() over (
    partition by contacts.client_id, lower(trim(contacts.email))
    order by contacts.is_primary desc nulls last, contacts.contact_id asc
) = 1
order by
    contacts.client_id asc,
    contacts.is_primary desc nulls last,
    contacts.contact_id asc
