-- What:    One invoice, as a mail about it needs it, and who looks after its client.
-- Grain:   one row; none for an invoice of a client that is left out.
-- Params:  $invoice_id KEY  the invoice
-- Units:   *_cents whole cents.
-- Source:  invoice_list, clients, staff
select
    invoice_list.invoice_id::varchar as invoice_id,
    invoice_list.invoice_number,
    invoice_list.client_id::varchar as client_id,
    clients.client_name,
    clients.client_number,
    clients.partner_id::varchar as partner_id,
    clients.manager_id::varchar as manager_id,
    coalesce(responsible.full_name, '') as responsible_name,
    coalesce(responsible.email, '') as responsible_email,
    invoice_list.invoice_date,
    invoice_list.due_date,
    invoice_list.currency,
    case
        when invoice_list.is_void then 0
        else greatest(invoice_list.outstanding_cents, 0)
    end::bigint as open_cents
from invoice_list
inner join clients
    on invoice_list.client_id = clients.client_id
left join staff as responsible
    on clients.responsible_id = responsible.staff_id and responsible.is_active
where invoice_list.invoice_id = $invoice_id
order by invoice_list.invoice_id
