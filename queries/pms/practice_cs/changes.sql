-- What:    The rows of the practice management system that changed after a version.
-- Grain:   one row per change, oldest first; a row changed twice comes twice.
-- Params:  :since BIGINT  the version already held; replaced by a whole number
-- Source:  Change_Tracking, in the source's own SQL (SQLite)
select
    table_name as source_table,
    row_key as row_key,
    change_version as version
from Change_Tracking
where change_version > :since
order by change_version
