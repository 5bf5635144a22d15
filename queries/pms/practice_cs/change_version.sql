-- What:    The newest version of the practice management system.
-- Grain:   one row; 0 when nothing has changed since tracking began.
-- Source:  Change_Tracking, in the source's own SQL (SQLite)
select coalesce(max(change_version), 0) as version
from Change_Tracking
