-- What:    Which part of which receipt pays which invoice, and since when.
-- Grain:   one row per application.
-- Units:   amount_cents whole cents, positive reduces the invoice's balance.
-- Source:  the mapping's applications.sql
create or replace table applications (
    application_id varchar,
    receipt_id KEY,
    invoice_id KEY,
    amount_cents bigint,
    applied_date date,
    changed_at timestamp
)
