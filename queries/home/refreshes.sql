-- What:    How reading the practice management system went lately.
-- Grain:   one row.
-- Params:  $since TIMESTAMP  refreshes started at or after it count, UTC
-- Units:   *_at UTC; slowest_seconds whole and part seconds.
-- Source:  refresh_log
with

lately as (

    select
        refresh_log.outcome,
        refresh_log.finished_at,
        refresh_log.message,
        refresh_log.seconds,
        refresh_log.changed_rows
    from refresh_log
    where refresh_log.started_at >= $since

)

select
    count(*) filter (where lately.outcome = 'done') as done,
    count(*) filter (where lately.outcome = 'failed') as failed,
    max(lately.finished_at) filter (where lately.outcome = 'failed') as last_failed_at,
    max_by(lately.message, lately.finished_at)
        filter (where lately.outcome = 'failed') as last_failure,
    max(lately.seconds) filter (where lately.outcome = 'done') as slowest_seconds,
    coalesce(sum(lately.changed_rows) filter (where lately.outcome = 'done'), 0)::bigint
        as changed_rows
from lately
order by done asc
