-- What:    An application is taken back: the invoice is open again, the receipt unapplied.
delete from Ledger_Entry_Application where ledger_entry_application_KEY = :application
