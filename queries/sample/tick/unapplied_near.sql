-- What:    Receipts of a stretch of the ledger with something not yet applied.
-- Grain:   one row per posted payment or credit memo that is not void.
-- Params:  :first INTEGER, :last INTEGER  the stretch of ledger keys
-- Units:   unapplied_cents in whole cents, above zero.
-- Source:  Ledger_Entry, Ledger_Entry_Application
select
    ledger_entry_KEY,
    client_KEY,
    amount_cents - applied_cents as unapplied_cents
from (
    select
        entry.ledger_entry_KEY,
        entry.client_KEY,
        cast(round(entry.amount * 100) as integer) as amount_cents,
        coalesce((
            select sum(cast(round(application.applied_amount * 100) as integer))
            from Ledger_Entry_Application as application
            where application.from__ledger_entry_KEY = entry.ledger_entry_KEY
        ), 0) as applied_cents
    from Ledger_Entry as entry
    where
        entry.ledger_entry_KEY between :first and :last
        and entry.ledger_entry_type_KEY in (4, 5, 8, 9, 11)
        and entry.ledger_entry_subtype_KEY is null
        and entry.posted_date is not null
)
where amount_cents > applied_cents
order by ledger_entry_KEY
