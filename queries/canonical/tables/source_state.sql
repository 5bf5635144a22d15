-- What:    How far the warehouse has read the source, and by which mapping.
-- Grain:   one row per fact.
-- Source:  the refresh
create table if not exists source_state (
    name varchar,
    value varchar
)
