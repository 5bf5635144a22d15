-- What:    One new application of a receipt to an invoice.
insert into Ledger_Entry_Application (
    ledger_entry_application_KEY, from__ledger_entry_KEY, to__ledger_entry_KEY, applied_amount,
    update_date_utc
)
values (:application, :receipt, :invoice, :amount, :stamp)
