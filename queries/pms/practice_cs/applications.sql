-- What:    Which part of a receipt is set against which invoice.
-- Grain:   one row per application whose two ledger entries are both posted and not void.
-- Units:   amount_cents in whole cents, negative where a return takes a payment back;
--          applied_date is the first day on which both sides exist; changed_at is UTC.
-- Source:  Ledger_Entry_Application, Ledger_Entry (twice), Ledger_Entry_Subtype
with

void_subtypes as (

    select ledger_entry_subtype_KEY
    from pms.Ledger_Entry_Subtype
    where description = 'Void'

)

select
    application.ledger_entry_application_KEY::varchar as application_id,
    receipt.ledger_entry_KEY as receipt_id,
    invoice.ledger_entry_KEY as invoice_id,
    to_cents(application.applied_amount) as amount_cents,
    greatest(receipt.entry_date::date, invoice.entry_date::date)
        as applied_date,
    greatest(
        application.update_date_utc::timestamp,
        receipt.update_date_utc::timestamp,
        invoice.update_date_utc::timestamp
    ) as changed_at
from pms.Ledger_Entry_Application as application
inner join pms.Ledger_Entry as receipt
    on application.from__ledger_entry_KEY = receipt.ledger_entry_KEY
inner join pms.Ledger_Entry as invoice
    on application.to__ledger_entry_KEY = invoice.ledger_entry_KEY
left join void_subtypes as void_receipt
    on receipt.ledger_entry_subtype_KEY = void_receipt.ledger_entry_subtype_KEY
left join void_subtypes as void_invoice
    on invoice.ledger_entry_subtype_KEY = void_invoice.ledger_entry_subtype_KEY
where
    receipt.ledger_entry_type_KEY between 4 and 13
    and invoice.ledger_entry_type_KEY in (1, 2, 3)
    and receipt.posted_date is not null
    and invoice.posted_date is not null
    and void_receipt.ledger_entry_subtype_KEY is null
    and void_invoice.ledger_entry_subtype_KEY is null
