-- What:    The next free key of the ledger.
select coalesce(max(ledger_entry_KEY), 0) + 1 as next_key from Ledger_Entry
