-- What:    The audit log: who did what when.
-- Grain:   one row per line of the log.
-- Units:   day and time are the firm's.
-- Source:  store.audit_log, store.firm_zone
select
    audit_log.seq,
    timezone(firm_zone.timezone, timezone('UTC', audit_log."at"))::date as day,
    strftime(timezone(firm_zone.timezone, timezone('UTC', audit_log."at")), '%H:%M:%S')
        as clock_time,
    audit_log.actor,
    audit_log.action,
    audit_log.subject,
    audit_log.detail
from store.audit_log
cross join store.firm_zone
order by audit_log.seq desc
