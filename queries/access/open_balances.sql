-- What:    What money commands check payments against: every invoice with something open.
-- Grain:   one row per open invoice.
-- Units:   *_cents whole cents of the row's currency.
-- Source:  open_invoices, invoice_list
-- Ties to: totals/totals_as_of (outstanding)
select
    open_invoices.invoice_id::varchar as invoice_id,
    open_invoices.client_id::varchar as client_id,
    invoice_list.invoice_number,
    open_invoices.entry_kind,
    open_invoices.invoice_date,
    open_invoices.due_date,
    open_invoices.currency,
    invoice_list.amount_cents,
    open_invoices.outstanding_cents as open_cents,
    open_invoices.is_disputed,
    open_invoices.partner_id::varchar as partner_id,
    open_invoices.manager_id::varchar as manager_id
from open_invoices
inner join invoice_list
    on open_invoices.invoice_id = invoice_list.invoice_id
order by open_invoices.invoice_id asc
