-- What:    Invoices recorded in the store as open that are open no more.
-- Grain:   one row per invoice.
-- Source:  differing_balances (of balances/differing), open_invoices
select differing_balances.invoice_id::varchar as invoice_id
from differing_balances
anti join open_invoices
    on differing_balances.invoice_id = open_invoices.invoice_id
order by invoice_id asc
