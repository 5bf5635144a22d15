-- What:    How many mails of a period were sent, delivered, came back, were read; and before it.
-- Grain:   one row per period: now, and the one of equal length before it.
-- Params:  $sees_all BOOLEAN  true for somebody with all clients
--          $staff_id KEY      else only mails about clients of this partner or manager
--          $zone VARCHAR      the firm's time zone
--          $since DATE        first day of the period
--          $until DATE        last day of the period
-- Source:  store.letters, clients
with

dated as (

    select
        letters.*,
        (letters.created_at at time zone 'UTC' at time zone $zone)::date as written_on
    from store.letters
    left join clients
        on letters.client_id = clients.client_id
    where
        $sees_all
        or clients.partner_id = $staff_id
        or clients.manager_id = $staff_id

),

periods as (

    select
        'now' as period,
        $since::date as first_day,
        $until::date as last_day
    union all
    select
        'before' as period,
        $since::date - ($until::date - $since::date + 1)::integer as first_day,
        $since::date - 1 as last_day

)

select
    periods.period,
    count(*) filter (dated.state in ('sent', 'delivered', 'bounced')) as sent,
    count(*) filter (dated.state = 'delivered') as delivered,
    count(*) filter (dated.state in ('bounced', 'failed', 'unsure')) as failed,
    count(*) filter (dated.opened_at is not null or dated.clicked_at is not null) as opened,
    count(*) filter (dated.clicked_at is not null) as clicked,
    count(*) filter (dated.state = 'no_recipient') as without_recipients,
    count(*) filter (
        dated.attachments <> '[]' and not (dated.is_complete and dated.has_attachment)
    ) as without_attachment,
    count(*) filter (dated.state in ('queued', 'sending')) as waiting,
    count(*) filter (dated.state = 'review') as to_review
from periods
left join dated
    on dated.written_on between periods.first_day and periods.last_day
group by periods.period
order by periods.period desc
