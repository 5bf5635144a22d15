-- What:    What clients were billed: invoices, service charges and debit memos.
-- Grain:   one row per posted ledger entry of type 1, 2 or 3; void ones are marked, not left out.
-- Units:   amount_cents in whole cents; *_date is the firm's day; changed_at is UTC.
-- Source:  Ledger_Entry, Invoice (the due date), Ledger_Entry_Subtype (Void, Disputed).
--          Practice CS keeps one currency, the US dollar.
select
    entry.ledger_entry_KEY as invoice_id,
    entry.entry_number as invoice_number,
    entry.client_KEY as client_id,
    invoice.engagement_KEY as engagement_id,
    case entry.ledger_entry_type_KEY
        when 1 then 'invoice'
        when 2 then 'service_charge'
        when 3 then 'debit_memo'
    end as entry_kind,
    entry.entry_date::date as invoice_date,
    invoice.due_date::date as due_date,
    'USD' as currency,
    to_cents(entry.amount) as amount_cents,
    coalesce(subtype.description = 'Disputed', false) as is_disputed,
    coalesce(subtype.description = 'Void', false) as is_void,
    entry.update_date_utc::timestamp as changed_at
from pms.Ledger_Entry as entry
left join pms.Invoice as invoice
    on entry.ledger_entry_KEY = invoice.ledger_entry_KEY
left join pms.Ledger_Entry_Subtype as subtype
    on entry.ledger_entry_subtype_KEY = subtype.ledger_entry_subtype_KEY
where
    entry.ledger_entry_type_KEY in (1, 2, 3)
    and entry.posted_date is not null
