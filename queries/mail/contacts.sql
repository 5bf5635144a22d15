-- What:    The people at a client who can be written to, and what they receive.
-- Grain:   one row per contact with an address.
-- Params:  $client_id KEY  the client
-- Source:  contacts
select
    coalesce(contacts.full_name, '') as full_name,
    trim(contacts.email) as email,
    coalesce(contacts.receives_invoices, false) as receives_invoices,
    coalesce(contacts.receives_statements, false) as receives_statements
from contacts
where
    contacts.client_id = $client_id
    and trim(coalesce(contacts.email, '')) <> ''
order by
    contacts.is_billing desc nulls last,
    contacts.is_primary desc nulls last,
    contacts.contact_id asc
