-- What:    Says that a new warehouse holds nothing yet.
-- Source:  data_version
insert into data_version
select
    0 as version,
    null as refreshed_at,
    null as source_as_of
where not exists (select 1 from data_version)
