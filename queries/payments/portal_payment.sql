-- What:    One payment made through the portal, by the payment ID of any of its lines.
-- Grain:   one row; none for a payment of a client not in the person's scope.
-- Params:  $sees_all BOOLEAN   true for somebody with all clients
--          $staff_id KEY       else only clients where this person is partner or manager
--          $payment_id VARCHAR a payment ID, of a line (PI-0111-0011) or of the action (PI-0111)
-- Units:   *_cents whole cents; times UTC.
-- Source:  store.portal_items, store.payments, shown.pending_items, clients, staff
with

asked as (

    select portal_items.payment_id
    from store.portal_items
    where
        portal_items.item_id = $payment_id
        or portal_items.payment_id = $payment_id
        or portal_items.refund_id = $payment_id
    limit 1

),

pending as (

    select
        pending_items.payment_id,
        sum(pending_items.pending_cents)::bigint as pending_cents
    from shown.pending_items
    group by pending_items.payment_id

)

select
    payments.payment_id,
    payments.client_id::varchar as client_id,
    clients.client_name,
    clients.client_number,
    partner.full_name as partner,
    manager.full_name as manager,
    payments.currency,
    payments.amount_cents,
    payments.fee_cents,
    payments.captured_cents,
    payments.refunded_cents,
    coalesce(pending.pending_cents, 0) as pending_cents,
    payments.state,
    payments.decline_code,
    payments.return_code,
    line.method,
    line.card,
    line.payer,
    payments.payer_email,
    line.source,
    payments.taken_by,
    payments.note,
    payments.plan_id,
    line.day,
    line.status
from store.payments
inner join asked
    on payments.payment_id = asked.payment_id
inner join store.portal_items as line
    on payments.payment_id = line.payment_id and line.entry_kind = 'payment'
left join pending
    on payments.payment_id = pending.payment_id
left join clients
    on payments.client_id = clients.client_id
left join staff as partner
    on clients.partner_id = partner.staff_id
left join staff as manager
    on clients.manager_id = manager.staff_id
where $sees_all or clients.partner_id = $staff_id or clients.manager_id = $staff_id
order by line.item_id asc
limit 1
