-- What:    The latest refreshes: when, what kind, how they ended, how many rows changed.
-- Grain:   one row per refresh, the newest first; 200 at the most.
-- Params:  $only_failed BOOLEAN  true: only those that failed
-- Units:   *_at UTC; seconds seconds.
-- Source:  refresh_log
select
    refresh_log.refresh_id,
    refresh_log.kind,
    refresh_log.started_at,
    refresh_log.finished_at,
    refresh_log.outcome,
    refresh_log.version,
    refresh_log.changed_rows,
    refresh_log.seconds,
    refresh_log.message
from refresh_log
where not $only_failed or refresh_log.outcome = 'failed'
order by
    refresh_log.started_at desc,
    refresh_log.refresh_id desc
limit 200
