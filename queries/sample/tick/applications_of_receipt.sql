-- What:    What a receipt is applied to.
-- Grain:   one row per application.
-- Params:  :receipt INTEGER
-- Units:   applied_cents in whole cents.
-- Source:  Ledger_Entry_Application
select
    ledger_entry_application_KEY,
    to__ledger_entry_KEY,
    cast(round(applied_amount * 100) as integer) as applied_cents
from Ledger_Entry_Application
where from__ledger_entry_KEY = :receipt
order by ledger_entry_application_KEY
