-- What:    Checks and card payments of a stretch of the ledger that nothing was taken back from.
-- Grain:   one row per posted receipt that is not void and is applied to something.
-- Params:  :first INTEGER, :last INTEGER  the stretch of ledger keys
-- Source:  Ledger_Entry, Ledger_Entry_Application
select
    entry.ledger_entry_KEY,
    entry.client_KEY,
    entry.ledger_entry_type_KEY
from Ledger_Entry as entry
where
    entry.ledger_entry_KEY between :first and :last
    and entry.ledger_entry_type_KEY in (4, 9)
    and entry.ledger_entry_subtype_KEY is null
    and entry.posted_date is not null
    and exists (
        select 1
        from Ledger_Entry_Application as own
        where own.from__ledger_entry_KEY = entry.ledger_entry_KEY
    )
    and not exists (
        select 1
        from Ledger_Entry_Application as own
        inner join Ledger_Entry_Application as other
            on own.to__ledger_entry_KEY = other.to__ledger_entry_KEY
        where
            own.from__ledger_entry_KEY = entry.ledger_entry_KEY
            and other.applied_amount < '0'
    )
order by entry.ledger_entry_KEY
