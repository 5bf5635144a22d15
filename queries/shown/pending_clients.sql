-- What:    How pending portal payments change what clients owe.
-- Grain:   one row per client and currency with something pending.
-- Units:   *_cents whole cents: owed_cents is taken off what is outstanding, pending_cents counts
--          payments without an invoice too; invoices is by how much the unpaid ones change.
-- Source:  shown.pending_invoices, shown.pending_items
with

moved as (

    select
        pending_invoices.client_id,
        pending_invoices.currency,
        sum(pending_invoices.pending_cents) as owed_cents,
        sum(
            (pending_invoices.outstanding_cents > 0)::bigint
            - (pending_invoices.owed_cents > 0)::bigint
        ) as invoices,
        0 as pending_cents
    from shown.pending_invoices
    group by
        pending_invoices.client_id,
        pending_invoices.currency
    union all
    select
        pending_items.client_id,
        pending_items.currency,
        0 as owed_cents,
        0 as invoices,
        sum(pending_items.pending_cents) as pending_cents
    from shown.pending_items
    group by
        pending_items.client_id,
        pending_items.currency

)

select
    moved.client_id,
    moved.currency,
    sum(moved.owed_cents)::bigint as owed_cents,
    sum(moved.invoices)::bigint as invoices,
    sum(moved.pending_cents)::bigint as pending_cents
from moved
group by
    moved.client_id,
    moved.currency
