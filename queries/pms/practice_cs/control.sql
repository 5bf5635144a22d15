-- What:    What each client owes less what is unapplied, by the ledger's own signs.
-- Grain:   one row per client with a posted ledger entry, of every client status.
-- Units:   net_cents in whole cents; no applications, due dates or mapping rules take part.
-- Source:  Ledger_Entry, Ledger_Entry_Type, Ledger_Entry_Subtype, in the source's own SQL (SQLite).
--          No LEFT JOIN here: SQLite 3.38.1, which DuckDB's scanner carries, answers wrongly when
--          its right side is tested in WHERE (a defect of its Bloom filter, gone in 3.38.2).
select
    entry.client_KEY as client_id,
    'USD' as currency,
    sum(entry_type.normal_sign * cast(round(entry.amount * 100) as integer)) as net_cents
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
group by entry.client_KEY
order by entry.client_KEY
