-- What:    The newest invoices with what is printed on them, those with something open first.
-- Grain:   one row per posted invoice that is not void.
-- Params:  :latest INTEGER  how many of the newest ledger entries of this kind are looked at
--          :most INTEGER    how many rows there are at the most
-- Units:   amount_cents in whole cents; days are ISO text.
-- Source:  Ledger_Entry, Ledger_Entry_Application, Invoice, Engagement, Client, Office, Firm
with

latest as (

    select
        ledger_entry_KEY,
        client_KEY,
        entry_number,
        entry_date,
        cast(round(amount * 100) as integer) as amount_cents
    from Ledger_Entry
    where
        ledger_entry_type_KEY = 1
        and posted_date is not null
        and coalesce(ledger_entry_subtype_KEY, 0) <> 1
    order by ledger_entry_KEY desc
    limit :latest

),

applied as (

    select
        application.to__ledger_entry_KEY as ledger_entry_KEY,
        sum(cast(round(application.applied_amount * 100) as integer)) as applied_cents
    from latest
    inner join Ledger_Entry_Application as application
        on latest.ledger_entry_KEY = application.to__ledger_entry_KEY
    group by application.to__ledger_entry_KEY

)

select
    firm.description as firm_name,
    firm.accounts_receivable_terms as terms,
    office.description as office,
    latest.ledger_entry_KEY as invoice_id,
    latest.entry_number as invoice_number,
    latest.entry_date as invoice_date,
    invoice.due_date,
    latest.amount_cents,
    client.description as client_name,
    client.client_id as client_number,
    engagement.engagement_name
from latest
inner join Client as client
    on latest.client_KEY = client.client_KEY
cross join Firm as firm
left join applied
    on latest.ledger_entry_KEY = applied.ledger_entry_KEY
left join Invoice as invoice
    on latest.ledger_entry_KEY = invoice.ledger_entry_KEY
left join Engagement as engagement
    on invoice.engagement_KEY = engagement.engagement_KEY
left join Office as office
    on client.office_KEY = office.office_KEY
order by
    latest.amount_cents <= coalesce(applied.applied_cents, 0),
    latest.ledger_entry_KEY desc
limit :most
