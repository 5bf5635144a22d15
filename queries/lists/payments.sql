-- What:    What the payments list shows of a payment, credit, write-off, refund or return.
-- Grain:   one row per entry.
-- Units:   *_cents whole cents of the row's currency; positive reduces what is owed.
-- Source:  picked_rows (those of shown.payment_list that are asked for), clients, staff,
--          store.portal_items
-- Ties to: lists/payments.toml (what the same columns filter and sort by)
select
    payment_list.picked_row,
    payment_list.receipt_date,
    clients.client_name,
    clients.client_number,
    payment_list.amount_cents,
    payment_list.method,
    case payment_list.entry_kind
        when 'payment' then 'Payment'
        when 'credit_memo' then 'Credit memo'
        when 'write_off' then 'Write-off'
        when 'refund' then 'Refund'
        when 'return' then 'Return'
        when 'reversal' then 'Reversal'
    end as entry_kind,
    payment_list.reference,
    payment_list.applied_cents,
    payment_list.unapplied_cents,
    payment_list.invoice_count,
    coalesce(portal.source, 'PMS') as source,
    payment_list.status,
    portal.payer,
    nullif(portal.fee_cents, 0) as fee_cents,
    portal.card,
    payment_list.payment_id,
    portal.invoice_number,
    portal.taken_by,
    partner.full_name as partner,
    manager.full_name as manager,
    payment_list.currency,
    payment_list.client_id::varchar as client_id,
    coalesce(payment_list.receipt_id::varchar, payment_list.payment_id) as receipt_id
from picked_rows as payment_list
left join clients
    on payment_list.client_id = clients.client_id
left join staff as partner
    on payment_list.partner_id = partner.staff_id
left join staff as manager
    on payment_list.manager_id = manager.staff_id
left join store.portal_items as portal
    on payment_list.payment_id = portal.item_id
