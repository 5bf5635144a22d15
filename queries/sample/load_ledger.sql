-- What:    Engagements, ledger entries, due dates and applications go into the practice management
--          system.
-- Grain:   one INSERT per source table, keys rising.
-- Source:  draft_invoice, draft_entry, draft_application, draft_receipt
create table draft_engagement as
select
    (700000 + row_number() over (order by client_key, engagement_name))::bigint as engagement_key,
    client_key,
    engagement_name,
    max(billed_year) as billed_year,
    min(entry_date) as begun
from draft_invoice
where engagement_name is not null
group by
    client_key,
    engagement_name;

insert into pms.Engagement
select
    engagement_key as engagement_KEY,
    client_key as client_KEY,
    engagement_name as engagement_name,
    case when billed_year < year(getvariable('today')::date) then 'Closed' else 'Open' end
        as engagement_status,
    instant_text(begun, 'engagement', engagement_key) as update_date_utc
from draft_engagement
order by engagement_key;

insert into pms.Ledger_Entry
select
    entry_key as ledger_entry_KEY,
    entry_type as ledger_entry_type_KEY,
    subtype as ledger_entry_subtype_KEY,
    client_key as client_KEY,
    entry_number as entry_number,
    entry_date::varchar as entry_date,
    case
        when is_posted
            then least(entry_date + dice('posted', entry_key, 2), getvariable('today'))::varchar
    end as posted_date,
    reference as reference,
    money_text(amount_cents) as amount,
    case when subtype = 2 then 'The client questions this amount.' end as comments,
    instant_text(entry_date, 'entry', entry_key) as update_date_utc
from draft_entry
order by entry_key;

insert into pms.Invoice
select
    (300000 + draft_invoice.invoice_n)::bigint as invoice_KEY,
    draft_entry.entry_key as ledger_entry_KEY,
    draft_engagement.engagement_key as engagement_KEY,
    draft_invoice.due_date::varchar as due_date,
    draft_invoice.entry_date::varchar as billed_date
from draft_invoice
inner join draft_entry
    on
        draft_entry.side = 0
        and draft_invoice.invoice_n = draft_entry.n
left join draft_engagement
    on
        draft_invoice.client_key = draft_engagement.client_key
        and draft_invoice.engagement_name = draft_engagement.engagement_name
order by invoice_KEY;

insert into pms.Ledger_Entry_Application
select
    (400000 + row_number() over (order by receipt.entry_key, invoice.entry_key))::bigint
        as ledger_entry_application_KEY,
    receipt.entry_key as from__ledger_entry_KEY,
    invoice.entry_key as to__ledger_entry_KEY,
    money_text(draft_application.applied_cents) as applied_amount,
    instant_text(receipt.entry_date, 'application', receipt.entry_key) as update_date_utc
from draft_application
inner join draft_entry as receipt
    on
        receipt.side = 1
        and draft_application.receipt_n = receipt.n
inner join draft_entry as invoice
    on
        invoice.side = 0
        and draft_application.invoice_n = invoice.n
order by ledger_entry_application_KEY
