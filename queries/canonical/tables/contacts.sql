-- What:    People at a client, and what they receive.
-- Grain:   one row per contact and client.
-- Units:   changed_at UTC.
-- Source:  the mapping's contacts.sql
create or replace table contacts (
    contact_id KEY,
    client_id KEY,
    full_name varchar,
    email varchar,
    phone varchar,
    is_primary boolean,
    is_billing boolean,
    receives_invoices boolean,
    receives_statements boolean,
    changed_at timestamp
)
