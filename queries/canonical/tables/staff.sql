-- What:    Staff of the firm.
-- Grain:   one row per person.
-- Source:  the mapping's staff.sql
create or replace table staff (
    staff_id KEY,
    full_name varchar,
    email varchar,
    is_active boolean
)
