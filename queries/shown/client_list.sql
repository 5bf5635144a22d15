-- What:    The clients with what they owe when pending portal payments are taken off, and what
--          they have paid with these counted.
-- Grain:   one row per client and currency.
-- Units:   *_cents whole cents; pending_cents counts payments without an invoice too.
-- Source:  client_list, shown.pending_clients
select
    client_list.* exclude (outstanding_cents, unpaid_invoices, payments_to_date_cents),
    (client_list.outstanding_cents - coalesce(pending_clients.owed_cents, 0))::bigint
        as outstanding_cents,
    (client_list.unpaid_invoices + coalesce(pending_clients.invoices, 0))::bigint
        as unpaid_invoices,
    (client_list.payments_to_date_cents + coalesce(pending_clients.pending_cents, 0))::bigint
        as payments_to_date_cents,
    coalesce(pending_clients.pending_cents, 0)::bigint as pending_cents
from main.client_list
left join shown.pending_clients
    on
        client_list.client_id = pending_clients.client_id
        and client_list.currency = pending_clients.currency
