-- What:    Everything that is owed: invoices, service charges and debit memos, voided ones too.
-- Grain:   one row per entry.
-- Units:   *_cents whole cents; open_cents only where the source keeps nothing but a balance.
-- Source:  the mapping's invoices.sql
create or replace table invoices (
    invoice_id KEY,
    invoice_number varchar,
    client_id KEY,
    engagement_id KEY,
    entry_kind varchar,
    invoice_date date,
    due_date date,
    currency varchar,
    amount_cents bigint,
    open_cents bigint,
    is_disputed boolean,
    is_void boolean,
    changed_at timestamp
)
