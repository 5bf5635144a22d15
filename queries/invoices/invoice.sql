-- What:    One invoice: for whom, how much, what is left of it, and the client's neighbouring ones.
-- Grain:   one row; none for an invoice of a client that is left out or not in the person's scope.
-- Params:  $sees_all BOOLEAN  true for somebody with all clients
--          $staff_id KEY      else only clients where this person is partner or manager
--          $invoice_id KEY    the invoice
--          $today DATE        the firm's day, for status and ages
-- Units:   *_cents whole cents; *_days days. settled_outside_cents is what a source that keeps
--          only an open balance has settled without showing the entries; pending_cents is what
--          portal payments take off that the source does not show yet. is_disputed: by the source
--          or in the portal.
-- Source:  shown.invoice_list, shown.disputed_invoices, clients, staff, engagements
with

of_client as (

    select
        invoice_list.invoice_id,
        lag(invoice_list.invoice_id) over (
            order by invoice_list.invoice_date, invoice_list.invoice_id
        ) as previous_id,
        lead(invoice_list.invoice_id) over (
            order by invoice_list.invoice_date, invoice_list.invoice_id
        ) as next_id
    from invoice_list
    where
        invoice_list.client_id = (
            select asked.client_id
            from invoice_list as asked
            where asked.invoice_id = $invoice_id
        )

)

select
    invoice_list.invoice_id::varchar as invoice_id,
    invoice_list.invoice_number,
    case invoice_list.entry_kind
        when 'invoice' then 'Invoice'
        when 'service_charge' then 'Service charge'
        when 'debit_memo' then 'Debit memo'
    end as entry_kind,
    case
        when invoice_list.is_void then 'Void'
        when invoice_list.outstanding_cents <= 0 then 'Paid'
        when invoice_list.due_key < $today then 'Overdue'
        else 'Open'
    end as status,
    invoice_list.outstanding_cents > 0 and invoice_list.applied_cents > 0 as is_partly_paid,
    invoice_list.is_disputed or disputed.invoice_id is not null as is_disputed,
    invoice_list.client_id::varchar as client_id,
    clients.client_name,
    clients.client_number,
    partner.full_name as partner,
    manager.full_name as manager,
    engagements.engagement_name,
    invoice_list.invoice_date,
    ($today - invoice_list.invoice_date) as age_days,
    invoice_list.due_date,
    case
        when invoice_list.outstanding_cents > 0 and invoice_list.due_key < $today
            then $today - invoice_list.due_date
    end as overdue_days,
    case
        when invoice_list.outstanding_cents <= 0 then invoice_list.last_applied_date
    end as paid_date,
    invoice_list.currency,
    invoice_list.amount_cents,
    invoice_list.applied_cents,
    greatest(invoice_list.outstanding_cents, 0)::bigint as outstanding_cents,
    case
        when invoice_list.is_void then 0
        else
            invoice_list.amount_cents - invoice_list.applied_cents
            - invoice_list.outstanding_cents - invoice_list.pending_cents
    end::bigint as settled_outside_cents,
    invoice_list.pending_cents,
    of_client.previous_id::varchar as previous_id,
    of_client.next_id::varchar as next_id
from shown.invoice_list
inner join of_client
    on invoice_list.invoice_id = of_client.invoice_id
inner join clients
    on invoice_list.client_id = clients.client_id
left join staff as partner
    on invoice_list.partner_id = partner.staff_id
left join staff as manager
    on invoice_list.manager_id = manager.staff_id
left join engagements
    on invoice_list.engagement_id = engagements.engagement_id
left join shown.disputed_invoices as disputed
    on invoice_list.invoice_id = disputed.invoice_id and disputed.until_key >= $today
where
    invoice_list.invoice_id = $invoice_id
    and ($sees_all or invoice_list.partner_id = $staff_id or invoice_list.manager_id = $staff_id)
order by invoice_list.invoice_id
