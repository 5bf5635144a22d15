-- What:    Every refresh that changed something or failed.
-- Grain:   one row per refresh.
-- Units:   *_at UTC; detail is JSON: rows per table, seconds per step.
-- Source:  the refresh
create table if not exists refresh_log (
    refresh_id bigint,
    kind varchar,
    started_at timestamp,
    finished_at timestamp,
    outcome varchar,
    version bigint,
    changed_rows bigint,
    seconds double,
    detail varchar,
    message varchar
)
