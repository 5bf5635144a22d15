-- What:    The next free key of the invoices.
select coalesce(max(invoice_KEY), 0) + 1 as next_key from Invoice
