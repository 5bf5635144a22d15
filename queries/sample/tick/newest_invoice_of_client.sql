-- What:    The newest invoice of a client: what the next one will look like.
-- Grain:   one row, or none.
-- Params:  :client INTEGER
-- Units:   amount_cents in whole cents; terms_days from invoice to due date, null without one.
-- Source:  Ledger_Entry, Invoice
select
    cast(round(entry.amount * 100) as integer) as amount_cents,
    invoice.engagement_KEY,
    cast(julianday(invoice.due_date) - julianday(entry.entry_date) as integer) as terms_days
from Ledger_Entry as entry
inner join Invoice as invoice
    on entry.ledger_entry_KEY = invoice.ledger_entry_KEY
where
    entry.client_KEY = :client
    and entry.ledger_entry_type_KEY = 1
order by entry.ledger_entry_KEY desc
limit 1
