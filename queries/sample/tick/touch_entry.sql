-- What:    A ledger entry is marked as changed; Invoice has no instant of its own.
update Ledger_Entry set update_date_utc = :stamp where ledger_entry_KEY = :entry
