-- What:    Whatever changes what clients owe besides invoices: the entries of the practice
--          management system, and portal payments and refunds that it does not show yet.
-- Grain:   one row per entry or line; `place` tells rows apart and is below zero for portal lines.
-- Units:   *_cents whole cents, positive reduces what is owed.
-- Source:  receipt_list, store.portal_items, posted_items, clients
select
    receipt_list.rowid as place,
    receipt_list.receipt_id,
    receipt_list.payment_id,
    receipt_list.client_id,
    receipt_list.partner_id,
    receipt_list.manager_id,
    receipt_list.entry_kind,
    receipt_list.receipt_date,
    receipt_list.method,
    receipt_list.reference,
    receipt_list.currency,
    receipt_list.amount_cents,
    receipt_list.applied_cents,
    receipt_list.unapplied_cents,
    receipt_list.invoice_count,
    'Posted' as status,
    false as has_failed
from main.receipt_list
union all
select
    -1 - portal_items.rowid as place,
    null as receipt_id,
    portal_items.item_id as payment_id,
    portal_items.client_id,
    clients.partner_id,
    clients.manager_id,
    portal_items.entry_kind,
    portal_items.day as receipt_date,
    portal_items.method,
    null as reference,
    portal_items.currency,
    portal_items.amount_cents,
    case
        when portal_items.invoice_id is null or portal_items.has_failed then 0
        else portal_items.amount_cents
    end as applied_cents,
    case
        when portal_items.invoice_id is not null or portal_items.has_failed then 0
        else portal_items.amount_cents
    end as unapplied_cents,
    (portal_items.invoice_id is not null)::bigint as invoice_count,
    portal_items.status,
    portal_items.has_failed
from store.portal_items
left join main.clients
    on portal_items.client_id = clients.client_id
anti join main.posted_items
    on portal_items.item_id = posted_items.payment_id
