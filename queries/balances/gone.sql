-- What:    Invoices recorded in the store as open that are open no more.
-- Grain:   one row per invoice.
-- Source:  store.recorded_balances, open_invoices
select recorded_balances.invoice_id::varchar as invoice_id
from store.recorded_balances
anti join open_invoices
    on recorded_balances.invoice_id = open_invoices.invoice_id
order by invoice_id asc
