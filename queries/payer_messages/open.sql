-- What:    What payers asked and nobody has handled yet.
-- Grain:   one row per message, newest first.
-- Params:  $sees_all BOOLEAN  true for somebody with all clients
--          $staff_id KEY      else only clients where this person is partner or manager
-- Units:   cents whole cents of the invoice's or the firm's currency.
-- Source:  store.payer_messages, clients
select
    payer_messages.message_id,
    payer_messages.kind,
    payer_messages.client_id::varchar as client_id,
    clients.client_name,
    payer_messages.invoice_id::varchar as invoice_id,
    payer_messages.invoice_number,
    payer_messages.text,
    payer_messages.promised_date,
    payer_messages.cents,
    payer_messages.parts,
    payer_messages.asked_name,
    payer_messages.asked_email,
    payer_messages.created_at
from store.payer_messages
inner join clients
    on payer_messages.client_id = clients.client_id
where
    payer_messages.state = 'open'
    and ($sees_all or clients.partner_id = $staff_id or clients.manager_id = $staff_id)
order by
    payer_messages.created_at desc,
    payer_messages.message_id asc
