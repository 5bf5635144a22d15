-- What:    The ledger entries by which lines of payment files about one payment were posted.
-- Grain:   one row per ledger entry.
-- Params:  :client INTEGER, :reference TEXT the payment ID, :is_back INTEGER 1 for money sent back
-- Source:  Ledger_Entry
select entry.ledger_entry_KEY
from Ledger_Entry as entry
where
    entry.client_KEY = :client
    and entry.reference = :reference
    and (entry.ledger_entry_type_KEY in (6, 10)) = :is_back
order by entry.ledger_entry_KEY asc
