-- What:    Each client with what it owes, what it has paid and whom to write to.
-- Grain:   one row per client and currency it has entries in; the firm's currency where it has none.
-- Params:  $currency VARCHAR  the firm's currency
-- Units:   *_cents whole cents; ranks are those of client_rank: only their order says something.
-- Source:  scoped_clients, scoped_client_invoices, scoped_client_receipts, scoped_contacts,
--          scoped_engagements, client_rank
-- Ties to: checks/client_list_ties
with

owed as (

    select
        scoped_client_invoices.client_id,
        scoped_client_invoices.currency,
        sum(greatest(scoped_client_invoices.outstanding_cents, 0))::bigint as outstanding_cents,
        sum(least(scoped_client_invoices.outstanding_cents, 0))::bigint as overpaid_cents,
        count(*) filter (where scoped_client_invoices.outstanding_cents > 0) as unpaid_invoices
    from scoped_client_invoices
    group by
        scoped_client_invoices.client_id,
        scoped_client_invoices.currency

),

received as (

    select
        scoped_client_receipts.client_id,
        scoped_client_receipts.currency,
        sum(scoped_client_receipts.unapplied_cents)::bigint as unapplied_cents,
        sum(scoped_client_receipts.amount_cents) filter (
            where scoped_client_receipts.entry_kind in ('payment', 'refund', 'return')
        )::bigint as payments_to_date_cents,
        max(scoped_client_receipts.receipt_date) filter (
            where scoped_client_receipts.entry_kind = 'payment'
        ) as last_payment_date
    from scoped_client_receipts
    group by
        scoped_client_receipts.client_id,
        scoped_client_receipts.currency

),

accounts as (

    select owed.client_id, owed.currency from owed
    union
    select received.client_id, received.currency from received

),

people as (

    select
        scoped_contacts.client_id,
        first(scoped_contacts.full_name order by scoped_contacts.contact_id)
            filter (where scoped_contacts.is_billing) as billing_contact,
        first(scoped_contacts.email order by scoped_contacts.contact_id)
            filter (where scoped_contacts.is_billing) as billing_email,
        first(scoped_contacts.full_name order by scoped_contacts.contact_id)
            filter (where scoped_contacts.is_primary) as primary_contact
    from scoped_contacts
    group by scoped_contacts.client_id

),

work as (

    select
        scoped_engagements.client_id,
        count(*) as engagement_count,
        string_agg(scoped_engagements.engagement_name, ', ' order by scoped_engagements.engagement_name)
            as engagement_names
    from scoped_engagements
    group by scoped_engagements.client_id

)

select
    scoped_clients.client_id,
    scoped_clients.client_number,
    scoped_clients.client_name,
    lower(strip_accents(concat_ws(' ', scoped_clients.client_name, scoped_clients.client_number)))
        as search_text,
    client_rank.name_rank,
    client_rank.number_rank,
    scoped_clients.client_group,
    scoped_clients.client_status,
    scoped_clients.office,
    scoped_clients.partner_id,
    scoped_clients.manager_id,
    scoped_clients.responsible_id,
    scoped_clients.opened_date,
    coalesce(accounts.currency, $currency) as currency,
    coalesce(owed.outstanding_cents, 0) as outstanding_cents,
    coalesce(owed.unpaid_invoices, 0) as unpaid_invoices,
    -- an invoice paid beyond its amount is money received and not yet applied
    (coalesce(received.unapplied_cents, 0) - coalesce(owed.overpaid_cents, 0))::bigint
        as unapplied_cents,
    coalesce(received.payments_to_date_cents, 0) as payments_to_date_cents,
    received.last_payment_date,
    people.billing_contact,
    people.billing_email,
    people.primary_contact,
    coalesce(work.engagement_count, 0) as engagement_count,
    work.engagement_names,
    scoped_clients.changed_at
from scoped_clients
inner join client_rank
    on scoped_clients.client_id = client_rank.client_id
left join accounts
    on scoped_clients.client_id = accounts.client_id
left join owed
    on accounts.client_id = owed.client_id and accounts.currency = owed.currency
left join received
    on accounts.client_id = received.client_id and accounts.currency = received.currency
left join people
    on scoped_clients.client_id = people.client_id
left join work
    on scoped_clients.client_id = work.client_id
order by
    scoped_clients.client_id asc,
    currency asc
