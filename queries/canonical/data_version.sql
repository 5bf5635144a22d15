-- What:    Which version of the practice management system's data the warehouse holds.
-- Grain:   one row; version 0 before the first refresh.
-- Source:  data_version
select
    data_version.version,
    data_version.refreshed_at
from data_version
order by data_version.version
