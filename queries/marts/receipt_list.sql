-- What:    Each receipt of a shown client, and how much of it is applied to invoices.
-- Grain:   one row per receipt, in the order of receipt dates.
-- Units:   *_cents whole cents, positive reduces what is owed.
-- Source:  scoped_receipts and scoped_receipt_applications (all, or those a refresh touches), clients
-- Ties to: checks/receipt_list_ties
with

applied as (

    select
        scoped_receipt_applications.receipt_id,
        sum(scoped_receipt_applications.amount_cents)::bigint as applied_cents,
        count(*) as application_count
    from scoped_receipt_applications
    group by scoped_receipt_applications.receipt_id

),

-- counting different invoices is dear, and most receipts have one application
several as (

    select
        scoped_receipt_applications.receipt_id,
        count(distinct scoped_receipt_applications.invoice_id) as invoice_count
    from scoped_receipt_applications
    where
        scoped_receipt_applications.receipt_id in (
            select applied.receipt_id
            from applied
            where applied.application_count > 1
        )
    group by scoped_receipt_applications.receipt_id

)

select
    scoped_receipts.receipt_id,
    scoped_receipts.client_id,
    clients.partner_id,
    clients.manager_id,
    clients.office,
    scoped_receipts.entry_kind,
    scoped_receipts.receipt_date,
    scoped_receipts.method,
    scoped_receipts.reference,
    -- the payment ID of what was paid through the portal
    nullif(
        upper(regexp_extract(scoped_receipts.reference, '(?i)PI-[0-9]{4,}-[0-9]{4,}')), ''
    ) as payment_id,
    scoped_receipts.currency,
    scoped_receipts.amount_cents,
    coalesce(applied.applied_cents, 0) as applied_cents,
    (scoped_receipts.amount_cents - coalesce(applied.applied_cents, 0))::bigint as unapplied_cents,
    coalesce(several.invoice_count, applied.application_count, 0) as invoice_count,
    scoped_receipts.changed_at
from scoped_receipts
inner join clients
    on scoped_receipts.client_id = clients.client_id
left join applied
    on scoped_receipts.receipt_id = applied.receipt_id
left join several
    on scoped_receipts.receipt_id = several.receipt_id
order by
    scoped_receipts.receipt_date asc,
    scoped_receipts.receipt_id asc
