-- What:    Receipts each month by kind and method, for whose clients.
-- Grain:   signed rows; sums by month, kind, method, partner, manager, office and currency are the state.
-- Units:   amount_cents whole cents, positive reduces what is owed; month is its first day.
-- Source:  signed_receipts
select
    date_trunc('month', signed_receipts.receipt_date)::date as month,
    signed_receipts.entry_kind,
    signed_receipts.method,
    signed_receipts.partner_id,
    signed_receipts.manager_id,
    signed_receipts.office,
    signed_receipts.currency,
    sum(signed_receipts.sign)::bigint as receipt_count,
    sum(signed_receipts.sign * signed_receipts.amount_cents)::bigint as amount_cents
from signed_receipts
group by
    date_trunc('month', signed_receipts.receipt_date)::date,
    signed_receipts.entry_kind,
    signed_receipts.method,
    signed_receipts.partner_id,
    signed_receipts.manager_id,
    signed_receipts.office,
    signed_receipts.currency
having
    sum(signed_receipts.sign) <> 0
    or sum(signed_receipts.sign * signed_receipts.amount_cents) <> 0
