-- What:    The lowest and the highest key of the ledger.
-- Grain:   one row; two look-ups, since SQLite scans the table to find both ends at once.
select
    (select min(ledger_entry_KEY) from Ledger_Entry) as lowest,
    (select max(ledger_entry_KEY) from Ledger_Entry) as highest
