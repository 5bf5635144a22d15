-- What:    What each posted ledger entry adds to what its client owes, by the ledger's own signs.
-- Grain:   one row per posted entry that is not void.
-- Units:   net_cents in whole cents; no applications, due dates or mapping rules take part.
-- Source:  Ledger_Entry, Ledger_Entry_Type, Ledger_Entry_Subtype, in the source's own SQL (SQLite).
-- Ties to: control.sql, per client
select
    entry.client_KEY as client_id,
    entry.ledger_entry_KEY as entry_id,
    entry.entry_number,
    'USD' as currency,
    entry_type.normal_sign * cast(round(entry.amount * 100) as integer) as net_cents
from Ledger_Entry as entry
inner join Ledger_Entry_Type as entry_type
    on entry.ledger_entry_type_KEY = entry_type.ledger_entry_type_KEY
where
    entry.posted_date is not null
    and (
        entry.ledger_entry_subtype_KEY is null
        or entry.ledger_entry_subtype_KEY not in (
            select ledger_entry_subtype_KEY from Ledger_Entry_Subtype where description = 'Void'
        )
    )
