-- What:    Invoices whose open balance is not as it was last recorded in the store: other now, new,
--          or open no more.
-- Grain:   one row per invoice.
-- Source:  open_invoices, store.recorded_balances
select coalesce(open_invoices.invoice_id, recorded.invoice_id) as invoice_id
from open_invoices
full join store.recorded_balances as recorded
    on open_invoices.invoice_id = recorded.invoice_id
where
    open_invoices.invoice_id is null
    or recorded.invoice_id is null
    or open_invoices.outstanding_cents <> recorded.outstanding_cents
    or open_invoices.client_id is distinct from recorded.client_id
    or open_invoices.entry_kind is distinct from recorded.entry_kind
    or open_invoices.invoice_date is distinct from recorded.invoice_date
    or open_invoices.due_date is distinct from recorded.due_date
    or open_invoices.currency is distinct from recorded.currency
    or open_invoices.is_disputed is distinct from recorded.is_disputed
    or open_invoices.partner_id is distinct from recorded.partner_id
    or open_invoices.manager_id is distinct from recorded.manager_id
