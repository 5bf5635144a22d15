-- What:    The audit log: who did what when.
-- Grain:   one row per line of the log.
-- Units:   day and time are the firm's; what was done is in words, as its code says it
--          (payment.succeeded is "Payment succeeded").
-- Source:  store.audit_log, store.firm_zone
select
    audit_log.seq,
    timezone(firm_zone.timezone, timezone('UTC', audit_log."at"))::date as day,
    strftime(timezone(firm_zone.timezone, timezone('UTC', audit_log."at")), '%H:%M:%S')
        as clock_time,
    case
        when starts_with(audit_log.actor, 'job:')
            then 'Job: ' || replace(substr(audit_log.actor, 5), '_', ' ')
        when starts_with(audit_log.actor, 'local:') then substr(audit_log.actor, 7)
        else audit_log.actor
    end as actor,
    upper(left(audit_log.action, 1))
    || translate(substr(audit_log.action, 2), '._', '  ') as action,
    regexp_replace(audit_log.subject, '^local:', '') as subject,
    trim(translate(replace(audit_log.detail, '"', ''), '_{}', ' ')) as detail
from store.audit_log
cross join store.firm_zone
order by audit_log.seq desc
