-- What:    What statement runs decided: staged, sent, dropped, or not sent and why.
-- Grain:   one row per statement: per client and run day with an invoice that came of age.
-- Params:  $sees_all BOOLEAN  true for somebody with all clients
--          $staff_id KEY      else only clients where this person is partner or manager
-- Units:   open_cents whole cents of the row's currency; oldest_days days past due.
-- Source:  store.statements, store.letters, store.letter_recipients, staff
with

bounced as (

    select
        letter_recipients.letter_id,
        string_agg(letter_recipients.address, ', ' order by letter_recipients.position) as people
    from store.letter_recipients
    where letter_recipients.state in ('bounced', 'failed')
    group by letter_recipients.letter_id

)

select
    statements.statement_id,
    statements.run_day,
    statements.client_id::varchar as client_id,
    statements.client_number,
    statements.client_name,
    lower(strip_accents(concat_ws(' ', statements.client_name, statements.client_number)))
        as search_text,
    partner.full_name as partner,
    manager.full_name as manager,
    statements.state,
    statements.suppressed_by,
    case
        when statements.state = 'sent' and bounced.people is not null
            then concat('Did not reach ', bounced.people)
        else statements.detail
    end as detail,
    statements.trigger_label,
    statements.mode,
    statements.reason_invoice_id::varchar as reason_invoice_id,
    statements.reason_invoice_number,
    statements.currency,
    statements.open_cents,
    statements.oldest_days,
    array_to_string(json_extract_string(statements.to_people, '$[*][0]'), ', ') as recipients,
    array_to_string(
        list_concat(
            json_extract_string(statements.cc_people, '$[*][0]'),
            json_extract_string(statements.bcc_people, '$[*][0]')
        ),
        ', '
    ) as copies,
    statements.sent_on,
    case letters.state
        when 'review' then 'Queued'
        when 'queued' then 'Queued'
        when 'sending' then 'Queued'
        when 'sent' then if(bounced.people is null, 'Sent', 'Bounced in part')
        when 'delivered' then if(bounced.people is null, 'Delivered', 'Bounced in part')
        when 'bounced' then 'Bounced'
        when 'failed' then 'Failed'
        when 'unsure' then 'Unsure'
        when 'no_recipient' then 'No recipient'
        when 'dropped' then 'Dropped'
    end as mail
from store.statements as statements
left join store.letters as letters
    on statements.letter_id = letters.letter_id
left join bounced
    on statements.letter_id = bounced.letter_id
left join staff as partner
    on statements.partner_id = partner.staff_id
left join staff as manager
    on statements.manager_id = manager.staff_id
where
    $sees_all
    or statements.partner_id = $staff_id
    or statements.manager_id = $staff_id
