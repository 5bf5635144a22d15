-- What:    A ledger entry is voided.
update Ledger_Entry set ledger_entry_subtype_KEY = 1, update_date_utc = :stamp
where ledger_entry_KEY = :entry
