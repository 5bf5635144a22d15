-- What:    One ledger of everything billed, received and corrected, numbered by date.
-- Grain:   one row per ledger entry.
-- Units:   amount_cents in whole cents, above zero whatever the kind of entry.
-- Source:  draft_invoice, draft_receipt, draft_application
create table draft_entry as
with

settled as (

    select
        draft_application.invoice_n,
        sum(draft_application.applied_cents) as applied_cents
    from draft_application
    inner join draft_receipt
        on draft_application.receipt_n = draft_receipt.receipt_n
    where
        not draft_receipt.is_void
        and not draft_receipt.is_unposted
    group by draft_application.invoice_n

),

numbered as (

    select
        *,
        lag(client_n) over (order by invoice_n) <> client_n
        and chance('number used again', draw) < 0.0008 as has_used_number
    from draft_invoice

),

billed as (

    select
        0 as side,
        numbered.invoice_n as n,
        numbered.client_key,
        numbered.entry_type,
        case
            when numbered.is_void then 1
            when numbered.amount_cents > coalesce(settled.applied_cents, 0)
                and numbered.entry_date + numbered.terms_days < getvariable('today')
                and chance('disputed', numbered.draw) < 0.05 then 2
        end as subtype,
        numbered.entry_date,
        not numbered.is_unposted as is_posted,
        (
            100000 + numbered.invoice_n
            - case when numbered.has_used_number then 1 else 0 end
        )::varchar as entry_number,
        null as reference,
        numbered.amount_cents
    from numbered
    left join settled
        on numbered.invoice_n = settled.invoice_n

),

received as (

    select
        1 as side,
        draft_receipt.receipt_n as n,
        (1000 + draft_receipt.client_n)::bigint as client_key,
        draft_receipt.entry_type,
        case when draft_receipt.is_void then 1 end as subtype,
        draft_receipt.entry_date,
        not draft_receipt.is_unposted as is_posted,
        null as entry_number,
        case draft_receipt.entry_type
            when 4 then (1000 + dice('check number', draft_receipt.receipt_n, 8999))::varchar
            when 5 then 'CM-' || draft_receipt.receipt_n::varchar
            when 6 then 'Returned: insufficient funds'
            when 9
                then word(['Visa', 'Mastercard', 'Amex'], 'card', draft_receipt.client_n)
                    || ' ' || (1000 + dice('last four', draft_receipt.client_n, 8999))::varchar
            when 10 then 'Chargeback'
            when 11 then 'ACH ' || (10000000 + draft_receipt.receipt_n)::varchar
            when 12 then 'Small balance'
            when 13 then 'Charge waived'
        end as reference,
        draft_receipt.amount_cents
    from draft_receipt

),

together as (

    select * from billed
    union all by name
    select * from received

)

select
    (200000 + row_number() over (order by entry_date, side, n))::bigint as entry_key,
    side,
    n,
    client_key,
    entry_type,
    subtype,
    entry_date,
    is_posted,
    entry_number,
    reference,
    amount_cents
from together
