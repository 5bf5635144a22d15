-- What:    What statement runs decided: staged, sent, dropped, or not sent and why.
-- Grain:   one row per statement: per client and run day with an invoice that came of age.
-- Params:  $sees_all BOOLEAN  true for somebody with all clients
--          $staff_id KEY      else only clients where this person is partner or manager
-- Units:   open_cents whole cents of the row's currency; oldest_days days past due.
-- Source:  store.statements, staff
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
    statements.detail,
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
    statements.sent_on
from store.statements as statements
left join staff as partner
    on statements.partner_id = partner.staff_id
left join staff as manager
    on statements.manager_id = manager.staff_id
where
    $sees_all
    or statements.partner_id = $staff_id
    or statements.manager_id = $staff_id
