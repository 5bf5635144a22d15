-- What:    Clients whose outstanding total is not the sum of their open invoices.
-- Grain:   one row per wrong client and currency.
-- Units:   *_cents whole cents.
-- Source:  client_list, open_invoices
with

owed as (

    select
        open_invoices.client_id,
        open_invoices.currency,
        sum(open_invoices.outstanding_cents)::bigint as outstanding_cents,
        count(*) as unpaid_invoices
    from open_invoices
    group by
        open_invoices.client_id,
        open_invoices.currency

)

select
    coalesce(client_list.client_id, owed.client_id) as client_id,
    client_list.outstanding_cents,
    owed.outstanding_cents as expected_cents
from client_list
full outer join owed
    on client_list.client_id = owed.client_id and client_list.currency = owed.currency
where
    coalesce(client_list.outstanding_cents, 0) <> coalesce(owed.outstanding_cents, 0)
    or coalesce(client_list.unpaid_invoices, 0) <> coalesce(owed.unpaid_invoices, 0)
order by client_id
