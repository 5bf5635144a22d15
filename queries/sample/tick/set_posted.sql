-- What:    A ledger entry is posted.
update Ledger_Entry set posted_date = :posted_date, update_date_utc = :stamp
where ledger_entry_KEY = :entry
