-- What:    Clients of the sample firm to whom something happens in the portal.
-- Grain:   one row per client with a few open invoices and somebody to write to.
-- Params:  $currency VARCHAR  the firm's currency
--          $most INTEGER      how many at the most
-- Units:   open_cents whole cents.
-- Source:  open_invoices, client_list
select
    client_list.client_id::varchar as client_id,
    client_list.client_name,
    client_list.billing_contact,
    client_list.billing_email,
    list(open_invoices.invoice_id::varchar order by open_invoices.invoice_id) as invoice_ids,
    list(open_invoices.outstanding_cents order by open_invoices.invoice_id) as open_cents
from client_list
inner join open_invoices
    on
        client_list.client_id = open_invoices.client_id
        and client_list.currency = open_invoices.currency
where
    client_list.currency = $currency
    and coalesce(client_list.billing_email, '') <> ''
    and not open_invoices.is_disputed
    and open_invoices.entry_kind = 'invoice'
group by
    client_list.client_id,
    client_list.client_name,
    client_list.billing_contact,
    client_list.billing_email
having count(*) <= 12
order by hash(client_list.client_id) asc
limit $most
