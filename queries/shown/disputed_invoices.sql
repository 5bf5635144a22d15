-- What:    The invoices that the portal notes as contested.
-- Grain:   one row per invoice with a dispute that nobody has settled.
-- Units:   until_key is the last day the dispute holds; without one it lies out of reach.
-- Source:  store.invoice_disputes
select
    invoice_disputes.invoice_id,
    max(coalesce(invoice_disputes.until, date '9999-12-31')) as until_key
from store.invoice_disputes
where invoice_disputes.closed_at is null
group by invoice_disputes.invoice_id
