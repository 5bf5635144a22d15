-- What:    The payments of a client that the practice management system shows, newest first.
-- Grain:   one row per payment, the newest 200.
-- Params:  $client_id KEY  the client
-- Units:   amount_cents whole cents.
-- Source:  receipt_list
select
    receipt_list.receipt_id::varchar as receipt_id,
    receipt_list.receipt_date,
    receipt_list.method,
    receipt_list.reference,
    receipt_list.currency,
    receipt_list.amount_cents
from receipt_list
where
    receipt_list.client_id = $client_id
    and receipt_list.entry_kind = 'payment'
order by
    receipt_list.receipt_date desc,
    receipt_list.receipt_id desc
limit 200
