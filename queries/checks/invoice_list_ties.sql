-- What:    Invoices whose balance is not their amount less their applications. There should be none.
-- Grain:   one row per wrong invoice.
-- Units:   *_cents whole cents.
-- Source:  invoice_list, invoices, applications
with

applied as (

    select
        applications.invoice_id,
        sum(applications.amount_cents)::bigint as applied_cents
    from applications
    group by applications.invoice_id

)

select
    invoice_list.invoice_id,
    invoice_list.outstanding_cents,
    invoices.amount_cents - coalesce(applied.applied_cents, 0) as expected_cents
from invoice_list
inner join invoices
    on invoice_list.invoice_id = invoices.invoice_id
left join applied
    on invoice_list.invoice_id = applied.invoice_id
where
    not invoice_list.is_void
    and invoice_list.outstanding_cents
    <> coalesce(invoices.open_cents, invoices.amount_cents - coalesce(applied.applied_cents, 0))
order by invoice_list.invoice_id
