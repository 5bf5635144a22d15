-- What:    The next free key of the applications.
select coalesce(max(ledger_entry_application_KEY), 0) + 1 as next_key
from Ledger_Entry_Application
