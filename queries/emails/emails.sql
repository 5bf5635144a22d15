-- What:    Every mail of the portal: to whom, about whom, what became of it.
-- Grain:   one row per letter; those about nobody's client only for somebody with all clients.
-- Params:  $sees_all BOOLEAN  true for somebody with all clients
--          $staff_id KEY      else only mails about clients of this partner or manager
--          $zone VARCHAR      the firm's time zone, for days and times
-- Source:  store.letters, store.letter_recipients, clients
with

addressed as (

    select
        letter_recipients.letter_id,
        string_agg(letter_recipients.address, ', ' order by letter_recipients.position) as people,
        string_agg(letter_recipients.address, ', ' order by letter_recipients.position) filter (
            letter_recipients.state in ('bounced', 'failed')
        ) as failed_people
    from store.letter_recipients
    group by letter_recipients.letter_id

),

timed as (

    select
        letters.*,
        letters.created_at at time zone 'UTC' at time zone $zone as written_at,
        letters.sent_at at time zone 'UTC' at time zone $zone as left_at
    from store.letters

)

select
    timed.letter_id,
    timed.written_at::date as written_on,
    strftime(timed.written_at, '%-I:%M %p') as written_time,
    case timed.state
        when 'review' then 'To review'
        when 'queued' then 'Queued'
        when 'sending' then 'Queued'
        when 'sent' then 'Sent'
        when 'delivered' then 'Delivered'
        when 'bounced' then 'Bounced'
        when 'failed' then 'Failed'
        when 'unsure' then 'Unsure'
        when 'no_recipient' then 'No recipient'
        when 'dropped' then 'Dropped'
    end as status,
    case timed.kind
        when 'invoice' then 'Invoice'
        when 'statement' then 'Statement'
        when 'receipt' then 'Receipt'
        when 'refund' then 'Refund'
        when 'payment_failure' then 'Payment failure'
        when 'plan_notice' then 'Plan notice'
        when 'autopay_reminder' then 'AutoPay reminder'
        when 'verification' then 'Verification'
        when 'password_reset' then 'Password reset'
        when 'staff_alert' then 'Staff alert'
        when 'pay_link' then 'Pay link'
        when 'answer' then 'Answer'
    end as kind,
    clients.client_name,
    clients.client_number,
    addressed.people,
    coalesce(timed.subject, '(not written yet)') as subject,
    case
        when timed.clicked_at is not null then 'Clicked'
        when timed.opened_at is not null then 'Opened'
    end as seen,
    case
        when timed.attachments = '[]' then 'None'
        when timed.is_complete and timed.has_attachment then 'Attached'
        else 'Missing'
    end as attachment,
    coalesce(timed.reason, addressed.failed_people) as reason,
    timed.tries,
    timed.left_at::date as sent_on,
    timed.created_by,
    timed.client_id::varchar as client_id,
    timed.seq
from timed
left join addressed
    on timed.letter_id = addressed.letter_id
left join clients
    on timed.client_id = clients.client_id
where
    $sees_all
    or clients.partner_id = $staff_id
    or clients.manager_id = $staff_id
order by timed.seq desc
