-- What:    The amount of a ledger entry is corrected.
update Ledger_Entry set amount = :amount, update_date_utc = :stamp
where ledger_entry_KEY = :entry
