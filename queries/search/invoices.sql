-- What:    The invoices whose number begins or ends with what was typed, for the jump box.
-- Grain:   one row per invoice; voided ones are left out.
-- Params:  $sees_all BOOLEAN  true for somebody with all clients
--          $staff_id KEY      else only clients where this person is partner or manager
--          $wanted VARCHAR    everything typed
--          $today DATE        the firm's day, for the status
--          $most INTEGER      how many at the most
-- Units:   outstanding_cents whole cents of the invoice's currency.
-- Source:  invoice_list, clients
with

fitting as (

    select
        invoice_list.invoice_id,
        invoice_list.invoice_number,
        invoice_list.client_id,
        invoice_list.invoice_date,
        invoice_list.due_key,
        invoice_list.currency,
        invoice_list.outstanding_cents
    from shown.invoice_list
    where
        ($sees_all or invoice_list.partner_id = $staff_id or invoice_list.manager_id = $staff_id)
        and not invoice_list.is_void
        -- numbers are mostly written in capitals; lower() of a million of them costs 40 ms
        and (
            starts_with(invoice_list.invoice_number, $wanted)
            or starts_with(invoice_list.invoice_number, upper($wanted))
            or ends_with(invoice_list.invoice_number, upper($wanted))
        )
    order by
        lower(invoice_list.invoice_number) = lower($wanted) desc,
        starts_with(lower(invoice_list.invoice_number), lower($wanted)) desc,
        invoice_list.invoice_date desc,
        invoice_list.invoice_id desc
    limit $most

)

select
    fitting.invoice_id::varchar as invoice_id,
    fitting.invoice_number,
    clients.client_name,
    case
        when fitting.outstanding_cents <= 0 then 'Paid'
        when fitting.due_key < $today then 'Overdue'
        else 'Open'
    end as status,
    greatest(fitting.outstanding_cents, 0) as outstanding_cents,
    fitting.currency
from fitting
inner join clients
    on fitting.client_id = clients.client_id
order by
    lower(fitting.invoice_number) = lower($wanted) desc,
    starts_with(lower(fitting.invoice_number), lower($wanted)) desc,
    fitting.invoice_date desc,
    fitting.invoice_id desc
