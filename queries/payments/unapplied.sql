-- What:    How much has been received and is not yet set against an invoice.
-- Grain:   one row per currency.
-- Params:  $sees_all BOOLEAN  true for somebody with all clients
--          $staff_id KEY      else only clients where this person is partner or manager
-- Units:   *_cents whole cents; the sum of entries, returns and refunds counted negative.
-- Source:  receipt_list
-- Ties to: lists/payments (toggle Unapplied)
select
    receipt_list.currency,
    count(*) as entries,
    sum(receipt_list.unapplied_cents)::bigint as unapplied_cents
from receipt_list
where
    receipt_list.unapplied_cents <> 0
    and ($sees_all or receipt_list.partner_id = $staff_id or receipt_list.manager_id = $staff_id)
group by receipt_list.currency
order by receipt_list.currency asc
