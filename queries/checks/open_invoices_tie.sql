-- What:    Invoices that are open in one list and not in the other, or with another balance.
-- Grain:   one row per wrong invoice.
-- Units:   *_cents whole cents.
-- Source:  open_invoices, invoice_list
select
    coalesce(open_invoices.invoice_id, invoice_list.invoice_id) as invoice_id,
    open_invoices.outstanding_cents,
    invoice_list.outstanding_cents as expected_cents
from open_invoices
full outer join (
    select
        invoice_list.invoice_id,
        invoice_list.outstanding_cents
    from invoice_list
    where invoice_list.outstanding_cents > 0
) as invoice_list
    on open_invoices.invoice_id = invoice_list.invoice_id
where coalesce(open_invoices.outstanding_cents, 0) <> coalesce(invoice_list.outstanding_cents, 0)
order by invoice_id
