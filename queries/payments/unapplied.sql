-- What:    How much has been received and is not yet set against an invoice.
-- Grain:   one row per currency.
-- Params:  $sees_all BOOLEAN  true for somebody with all clients
--          $staff_id KEY      else only clients where this person is partner or manager
-- Units:   *_cents whole cents; the sum of entries, returns and refunds counted negative; what was
--          paid on account through the portal counts before it is posted.
-- Source:  shown.payment_list
-- Ties to: lists/payments (toggle Unapplied)
select
    payment_list.currency,
    count(*) as entries,
    sum(payment_list.unapplied_cents)::bigint as unapplied_cents
from shown.payment_list
where
    payment_list.unapplied_cents <> 0
    and not payment_list.has_failed
    and ($sees_all or payment_list.partner_id = $staff_id or payment_list.manager_id = $staff_id)
group by payment_list.currency
order by payment_list.currency asc
