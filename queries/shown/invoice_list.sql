-- What:    The invoices with what is owed on them when pending portal payments are taken off.
-- Grain:   one row per invoice.
-- Units:   *_cents whole cents; pending_cents is negative after a return not yet posted.
-- Source:  invoice_list, shown.pending_invoices
select
    invoice_list.* exclude (outstanding_cents),
    (invoice_list.outstanding_cents - coalesce(pending_invoices.pending_cents, 0))::bigint
        as outstanding_cents,
    coalesce(pending_invoices.pending_cents, 0)::bigint as pending_cents
from main.invoice_list
left join shown.pending_invoices
    on invoice_list.invoice_id = pending_invoices.invoice_id
