-- What:    The due date of an invoice is moved.
update Invoice set due_date = :due_date where ledger_entry_KEY = :entry
