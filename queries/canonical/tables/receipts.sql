-- What:    Everything that changes what is owed besides invoices: payments, credits, write-offs, returns.
-- Grain:   one row per entry.
-- Units:   amount_cents whole cents, positive reduces what is owed.
-- Source:  the mapping's receipts.sql
create or replace table receipts (
    receipt_id KEY,
    client_id KEY,
    entry_kind varchar,
    receipt_date date,
    method varchar,
    reference varchar,
    currency varchar,
    amount_cents bigint,
    changed_at timestamp
)
