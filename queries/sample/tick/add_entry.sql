-- What:    One new ledger entry.
insert into Ledger_Entry (
    ledger_entry_KEY, ledger_entry_type_KEY, client_KEY, entry_number, entry_date, posted_date,
    reference, amount, update_date_utc
)
values (
    :entry, :entry_type, :client, :number, :entry_date, :posted_date, :reference, :amount, :stamp
)
