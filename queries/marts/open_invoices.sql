-- What:    The invoices something is still owed on.
-- Grain:   one row per invoice with a balance above zero.
-- Units:   outstanding_cents whole cents.
-- Source:  scoped_invoice_list
select
    scoped_invoice_list.invoice_id,
    scoped_invoice_list.client_id,
    scoped_invoice_list.partner_id,
    scoped_invoice_list.manager_id,
    scoped_invoice_list.office,
    scoped_invoice_list.entry_kind,
    scoped_invoice_list.invoice_date,
    scoped_invoice_list.due_date,
    scoped_invoice_list.due_key,
    scoped_invoice_list.currency,
    scoped_invoice_list.outstanding_cents,
    scoped_invoice_list.is_disputed
from scoped_invoice_list
where scoped_invoice_list.outstanding_cents > 0
order by
    scoped_invoice_list.client_id asc,
    scoped_invoice_list.invoice_id asc
