-- What:    What the clients list shows of a client.
-- Grain:   one row per client and currency.
-- Params:  $today DATE  the firm's day; overdue is due before it
-- Units:   *_cents whole cents of the row's currency.
-- Source:  picked_rows (those of client_list that are asked for), shown.open_invoices,
--          shown.pending_clients, store.plans, staff
-- Ties to: lists/clients.toml (what the same columns filter and sort by)
select
    client_list.picked_row,
    client_list.client_name,
    client_list.client_number,
    partner.full_name as partner,
    manager.full_name as manager,
    (client_list.outstanding_cents - coalesce(pending.owed_cents, 0))::bigint as outstanding_cents,
    coalesce(overdue.overdue_cents, 0)::bigint as overdue_cents,
    (client_list.unpaid_invoices + coalesce(pending.invoices, 0))::bigint as unpaid_invoices,
    (client_list.payments_to_date_cents + coalesce(pending.pending_cents, 0))::bigint
        as payments_to_date_cents,
    coalesce(plans.active_plans, 0) as active_plans,
    client_list.billing_contact,
    client_list.billing_email,
    client_list.primary_contact,
    client_list.client_group,
    client_list.engagement_names as engagements,
    client_list.client_id::varchar as client_id,
    client_list.office,
    client_list.client_status,
    client_list.unapplied_cents,
    coalesce(pending.pending_cents, 0) as pending_cents,
    client_list.last_payment_date,
    client_list.currency,
    concat(client_list.client_id, '-', client_list.currency) as row_id
from picked_rows as client_list
left join (
    select
        open_invoices.client_id,
        open_invoices.currency,
        sum(open_invoices.outstanding_cents)::bigint as overdue_cents
    from shown.open_invoices
    where open_invoices.due_key < $today
    group by open_invoices.client_id, open_invoices.currency
) as overdue
    on
        client_list.client_id = overdue.client_id
        and client_list.currency = overdue.currency
left join shown.pending_clients as pending
    on client_list.client_id = pending.client_id and client_list.currency = pending.currency
left join (
    select
        plans.client_id,
        plans.currency,
        count(*) as active_plans
    from store.plans
    where plans.state = 'active'
    group by
        plans.client_id,
        plans.currency
) as plans
    on client_list.client_id = plans.client_id and client_list.currency = plans.currency
left join staff as partner
    on client_list.partner_id = partner.staff_id
left join staff as manager
    on client_list.manager_id = manager.staff_id
