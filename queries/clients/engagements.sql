-- What:    The work agreed with a client, and what was billed for it.
-- Grain:   one row per engagement and currency billed; none outside the person's scope.
-- Params:  $sees_all BOOLEAN  true for somebody with all clients
--          $staff_id KEY      else only clients where this person is partner or manager
--          $client_id KEY     the client
--          $currency VARCHAR  the firm's currency, for engagements nothing was billed for
-- Units:   *_cents whole cents; void invoices do not count.
-- Source:  engagements, clients, invoice_list
with

billed as (

    select
        invoice_list.engagement_id,
        invoice_list.currency,
        count(*) as invoices,
        sum(invoice_list.amount_cents)::bigint as billed_cents,
        sum(greatest(invoice_list.outstanding_cents, 0))::bigint as outstanding_cents,
        max(invoice_list.invoice_date) as last_invoice_date
    from invoice_list
    where invoice_list.client_id = $client_id and not invoice_list.is_void
    group by
        invoice_list.engagement_id,
        invoice_list.currency

)

select
    concat(engagements.engagement_id, '-', coalesce(billed.currency, $currency)) as row_id,
    engagements.engagement_name,
    engagements.engagement_status,
    coalesce(billed.invoices, 0) as invoices,
    coalesce(billed.billed_cents, 0) as billed_cents,
    coalesce(billed.outstanding_cents, 0) as outstanding_cents,
    billed.last_invoice_date,
    coalesce(billed.currency, $currency) as currency
from engagements
inner join clients
    on engagements.client_id = clients.client_id
left join billed
    on engagements.engagement_id = billed.engagement_id
where
    engagements.client_id = $client_id
    and ($sees_all or clients.partner_id = $staff_id or clients.manager_id = $staff_id)
order by
    billed.last_invoice_date desc nulls last,
    lower(engagements.engagement_name) asc,
    row_id asc
