-- What:    Clients the firm shows. Those left out by its rule are not here.
-- Grain:   one row per client of the practice management system.
-- Units:   changed_at UTC.
-- Source:  the mapping's clients.sql
create or replace table clients (
    client_id KEY,
    client_number varchar,
    client_name varchar,
    client_group varchar,
    client_status varchar,
    office varchar,
    partner_id KEY,
    manager_id KEY,
    responsible_id KEY,
    opened_date date,
    changed_at timestamp
)
