-- What:    The invoices something is still owed on when pending portal payments are taken off.
-- Grain:   one row per invoice with a balance above zero.
-- Units:   *_cents whole cents.
-- Source:  open_invoices, shown.pending_invoices
select
    open_invoices.* exclude (outstanding_cents),
    (open_invoices.outstanding_cents - coalesce(pending_invoices.pending_cents, 0))::bigint
        as outstanding_cents
from main.open_invoices
left join shown.pending_invoices
    on open_invoices.invoice_id = pending_invoices.invoice_id
where open_invoices.outstanding_cents > coalesce(pending_invoices.pending_cents, 0)
union all by name
select
    pending_invoices.invoice_id,
    pending_invoices.client_id,
    pending_invoices.partner_id,
    pending_invoices.manager_id,
    pending_invoices.entry_kind,
    pending_invoices.invoice_date,
    pending_invoices.due_date,
    pending_invoices.due_key,
    pending_invoices.currency,
    pending_invoices.outstanding_cents,
    pending_invoices.is_disputed
from shown.pending_invoices
where pending_invoices.owed_cents = 0
