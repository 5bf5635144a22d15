-- What:    Entries of a stretch of the ledger that wait to be posted.
-- Grain:   one row per entry.
-- Params:  :first INTEGER, :last INTEGER  the stretch of ledger keys
-- Source:  Ledger_Entry
select ledger_entry_KEY
from Ledger_Entry
where
    ledger_entry_KEY between :first and :last
    and posted_date is null
order by ledger_entry_KEY
