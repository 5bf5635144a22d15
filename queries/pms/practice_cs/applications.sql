-- What:    Which part of a receipt is set against which invoice.
-- Grain:   one row per application whose two ledger entries are both posted and not void.
-- Units:   amount_cents in whole cents, negative where a return takes a payment back;
--          applied_date is the first day on which both sides exist; changed_at is UTC.
-- Source:  Ledger_Entry_Application, Ledger_Entry, Ledger_Entry_Subtype
with

void_subtypes as (

    select ledger_entry_subtype_KEY
    from pms.Ledger_Entry_Subtype
    where description = 'Void'

),

-- dates and times are read once an entry, before entries are joined by the million
entries as (

    select
        entry.ledger_entry_KEY,
        entry.ledger_entry_type_KEY,
        entry.entry_date::date as entry_date,
        entry.update_date_utc::timestamp as changed_at
    from pms.Ledger_Entry as entry
    left join void_subtypes
        on entry.ledger_entry_subtype_KEY = void_subtypes.ledger_entry_subtype_KEY
    where
        entry.posted_date is not null
        and void_subtypes.ledger_entry_subtype_KEY is null

)

select
    application.ledger_entry_application_KEY::varchar as application_id,
    receipt.ledger_entry_KEY as receipt_id,
    invoice.ledger_entry_KEY as invoice_id,
    to_cents(application.applied_amount) as amount_cents,
    greatest(receipt.entry_date, invoice.entry_date) as applied_date,
    greatest(
        application.update_date_utc::timestamp, receipt.changed_at, invoice.changed_at
    ) as changed_at
from pms.Ledger_Entry_Application as application
inner join entries as receipt
    on application.from__ledger_entry_KEY = receipt.ledger_entry_KEY
inner join entries as invoice
    on application.to__ledger_entry_KEY = invoice.ledger_entry_KEY
where
    receipt.ledger_entry_type_KEY between 4 and 13
    and invoice.ledger_entry_type_KEY in (1, 2, 3)
