-- What:    What a client has at the firm that is not set against an invoice yet.
-- Grain:   one row per currency with a credit above zero.
-- Params:  $client_id KEY  the client
-- Units:   credit_cents whole cents.
-- Source:  receipt_list
select
    receipt_list.currency,
    sum(receipt_list.unapplied_cents)::bigint as credit_cents
from receipt_list
where receipt_list.client_id = $client_id
group by receipt_list.currency
having sum(receipt_list.unapplied_cents) > 0
order by receipt_list.currency
