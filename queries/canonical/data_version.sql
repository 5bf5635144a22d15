-- What:    Which version of the data the warehouse holds: of the practice management system's, and
--          of the copies of the store's rows.
-- Grain:   one row; version 0 before the first refresh.
-- Source:  data_version, store.mirror_version
select
    case
        when data_version.version > 0 then data_version.version + mirror_version.version
        else 0
    end as version,
    data_version.refreshed_at
from data_version
cross join store.mirror_version as mirror_version
order by data_version.version
