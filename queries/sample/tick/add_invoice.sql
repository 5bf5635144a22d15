-- What:    The due date and engagement of a new invoice.
insert into Invoice (invoice_KEY, ledger_entry_KEY, engagement_KEY, due_date, billed_date)
values (:invoice, :entry, :engagement, :due_date, :billed_date)
