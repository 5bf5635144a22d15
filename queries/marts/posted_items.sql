-- What:    The receipts by which somebody has posted what was paid or refunded through the portal.
-- Grain:   one row per receipt with a payment ID in its reference.
-- Units:   amount_cents whole cents, positive reduces what is owed.
-- Source:  scoped_receipt_list
select
    scoped_receipt_list.receipt_id,
    scoped_receipt_list.payment_id,
    scoped_receipt_list.client_id,
    scoped_receipt_list.entry_kind,
    scoped_receipt_list.receipt_date,
    scoped_receipt_list.currency,
    scoped_receipt_list.amount_cents
from scoped_receipt_list
where scoped_receipt_list.payment_id is not null
order by scoped_receipt_list.receipt_id asc
