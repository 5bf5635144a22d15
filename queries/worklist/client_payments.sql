-- What:    The last payments of one client, the newest first.
-- Grain:   one row per payment or returned payment.
-- Params:  $sees_all BOOLEAN  true for somebody with all clients
--          $staff_id KEY      else only clients where this person is partner or manager
--          $client_id KEY     the client
--          $currency VARCHAR  only payments in this currency
--          $most INTEGER      how many at the most
-- Units:   amount_cents whole cents; a return is negative.
-- Source:  receipt_list
select
    receipt_list.receipt_id::varchar as receipt_id,
    receipt_list.receipt_date,
    receipt_list.entry_kind,
    receipt_list.method,
    receipt_list.amount_cents
from receipt_list
where
    receipt_list.client_id = $client_id
    and receipt_list.entry_kind in ('payment', 'return')
    and receipt_list.currency = $currency
    and (
        $sees_all
        or receipt_list.partner_id = $staff_id
        or receipt_list.manager_id = $staff_id
    )
order by
    receipt_list.receipt_date desc,
    receipt_list.receipt_id desc
limit $most
