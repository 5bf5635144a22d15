-- What:    How pending portal payments change what is owed on invoices.
-- Grain:   one row per invoice with something pending.
-- Units:   *_cents whole cents. owed_cents is the practice management system's balance,
--          outstanding_cents what is left of it on screen, pending_cents the difference.
-- Source:  shown.pending_items, open_invoices, invoice_list
with

pending as (

    select
        pending_items.invoice_id,
        sum(pending_items.pending_cents)::bigint as pending_cents
    from shown.pending_items
    where pending_items.invoice_id is not null
    group by pending_items.invoice_id

),

owed as (

    select
        open_invoices.invoice_id,
        open_invoices.client_id,
        open_invoices.partner_id,
        open_invoices.manager_id,
        open_invoices.entry_kind,
        open_invoices.invoice_date,
        open_invoices.due_date,
        open_invoices.due_key,
        open_invoices.currency,
        open_invoices.is_disputed,
        open_invoices.outstanding_cents as owed_cents,
        pending.pending_cents
    from pending
    inner join main.open_invoices
        on pending.invoice_id = open_invoices.invoice_id
    where pending.pending_cents <> 0
    union all
    -- a payment returned after it was posted: the paid invoice is open again
    select
        invoice_list.invoice_id,
        invoice_list.client_id,
        invoice_list.partner_id,
        invoice_list.manager_id,
        invoice_list.entry_kind,
        invoice_list.invoice_date,
        invoice_list.due_date,
        invoice_list.due_key,
        invoice_list.currency,
        invoice_list.is_disputed,
        0 as owed_cents,
        pending.pending_cents
    from pending
    inner join main.invoice_list
        on pending.invoice_id = invoice_list.invoice_id
    where
        pending.pending_cents < 0
        and invoice_list.outstanding_cents <= 0
        and not invoice_list.is_void

)

select
    owed.invoice_id,
    owed.client_id,
    owed.partner_id,
    owed.manager_id,
    owed.entry_kind,
    owed.invoice_date,
    owed.due_date,
    owed.due_key,
    owed.currency,
    owed.is_disputed,
    owed.owed_cents,
    greatest(owed.owed_cents - owed.pending_cents, 0)::bigint as outstanding_cents,
    (owed.owed_cents - greatest(owed.owed_cents - owed.pending_cents, 0))::bigint as pending_cents
from owed
