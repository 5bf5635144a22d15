-- What:    Pieces of work agreed with a client.
-- Grain:   one row per engagement.
-- Units:   changed_at UTC.
-- Source:  the mapping's engagements.sql
create or replace table engagements (
    engagement_id KEY,
    client_id KEY,
    engagement_name varchar,
    engagement_status varchar,
    changed_at timestamp
)
