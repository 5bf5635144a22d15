-- What:    Invoices with something open, in a stretch of the ledger.
-- Grain:   one row per posted invoice that is not void or disputed and has a balance.
-- Params:  :first INTEGER, :last INTEGER  the stretch of ledger keys
-- Units:   amount_cents, open_cents in whole cents; unposted receipts count as applied already, so
--          that posting them later can't take more than is open.
-- Source:  Ledger_Entry, Ledger_Entry_Application
select
    ledger_entry_KEY,
    client_KEY,
    entry_date,
    amount_cents,
    amount_cents - applied_cents as open_cents
from (
    select
        entry.ledger_entry_KEY,
        entry.client_KEY,
        entry.entry_date,
        cast(round(entry.amount * 100) as integer) as amount_cents,
        coalesce((
            select sum(cast(round(application.applied_amount * 100) as integer))
            from Ledger_Entry_Application as application
            inner join Ledger_Entry as receipt
                on application.from__ledger_entry_KEY = receipt.ledger_entry_KEY
            where
                application.to__ledger_entry_KEY = entry.ledger_entry_KEY
                and coalesce(receipt.ledger_entry_subtype_KEY, 0) <> 1
        ), 0) as applied_cents
    from Ledger_Entry as entry
    where
        entry.ledger_entry_KEY between :first and :last
        and entry.ledger_entry_type_KEY in (1, 2, 3)
        and entry.ledger_entry_subtype_KEY is null
        and entry.posted_date is not null
)
where amount_cents > applied_cents
order by ledger_entry_KEY
