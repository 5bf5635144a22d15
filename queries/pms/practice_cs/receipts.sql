-- What:    What reduces what clients owe, and what takes such a reduction back.
-- Grain:   one row per posted ledger entry of type 4 to 13 that is not void.
-- Units:   amount_cents in whole cents, positive when it reduces what is owed: a returned check
--          (6) or card payment (10) is negative; receipt_date is the firm's day; changed_at is UTC.
-- Source:  Ledger_Entry, Ledger_Entry_Subtype. Practice CS keeps one currency, the US dollar.
select
    entry.ledger_entry_KEY as receipt_id,
    entry.client_KEY as client_id,
    case
        when entry.ledger_entry_type_KEY in (4, 8, 9, 11) then 'payment'
        when entry.ledger_entry_type_KEY = 5 then 'credit_memo'
        when entry.ledger_entry_type_KEY in (7, 12) then 'write_off'
        when entry.ledger_entry_type_KEY in (6, 10) then 'return'
        when entry.ledger_entry_type_KEY = 13 then 'reversal'
    end as entry_kind,
    entry.entry_date::date as receipt_date,
    case
        when entry.ledger_entry_type_KEY in (4, 6) then 'check'
        when entry.ledger_entry_type_KEY = 8 then 'cash'
        when entry.ledger_entry_type_KEY in (9, 10) then 'card'
        when entry.ledger_entry_type_KEY = 11 then 'ach'
    end as method,
    entry.reference as reference,
    'USD' as currency,
    case
        when entry.ledger_entry_type_KEY in (6, 10) then -to_cents(entry.amount)
        else to_cents(entry.amount)
    end as amount_cents,
    entry.update_date_utc::timestamp as changed_at
from pms.Ledger_Entry as entry
left join pms.Ledger_Entry_Subtype as subtype
    on entry.ledger_entry_subtype_KEY = subtype.ledger_entry_subtype_KEY
where
    entry.ledger_entry_type_KEY between 4 and 13
    and entry.posted_date is not null
    and coalesce(subtype.description, '') <> 'Void'
