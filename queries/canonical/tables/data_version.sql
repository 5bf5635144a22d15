-- What:    The version of the data that readers see.
-- Grain:   one row.
-- Units:   refreshed_at UTC.
-- Source:  the refresh
create table if not exists data_version (
    version bigint,
    refreshed_at timestamp,
    source_as_of timestamp
)
