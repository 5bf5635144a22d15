-- What:    What a client or a client group owes, has paid, and how fast it pays.
-- Grain:   one row per currency the clients have entries in, the largest balance first.
-- Params:  $sees_all BOOLEAN      true for somebody with all clients
--          $staff_id KEY          else only clients where this person is partner or manager
--          $today DATE            the firm's day; overdue is due before it
--          $client_id KEY         the client; null for a group
--          $client_group VARCHAR  the client group; null for one client
-- Units:   *_cents whole cents; average_days_to_pay days from invoice date to the last application
--          over paid invoices, null where none was paid.
-- Source:  client_list, invoice_list
-- Ties to: lists/clients (the row of the client)
with

accounts as (

    select
        client_list.client_id,
        client_list.currency,
        client_list.outstanding_cents,
        client_list.unapplied_cents,
        client_list.unpaid_invoices,
        client_list.payments_to_date_cents,
        client_list.last_payment_date
    from shown.client_list
    where
        ($sees_all or client_list.partner_id = $staff_id or client_list.manager_id = $staff_id)
        and ($client_id is not null or $client_group is not null)
        and ($client_id is null or client_list.client_id = $client_id)
        and ($client_group is null or client_list.client_group = $client_group)

),

held as (

    select
        accounts.currency,
        count(*) as clients,
        sum(accounts.outstanding_cents)::bigint as outstanding_cents,
        sum(accounts.unapplied_cents)::bigint as unapplied_cents,
        sum(accounts.unpaid_invoices)::bigint as unpaid_invoices,
        sum(accounts.payments_to_date_cents)::bigint as payments_to_date_cents,
        max(accounts.last_payment_date) as last_payment_date
    from accounts
    group by accounts.currency

),

billed as (

    select
        invoice_list.currency,
        sum(invoice_list.outstanding_cents) filter (
            where invoice_list.outstanding_cents > 0 and invoice_list.due_key < $today
        )::bigint as overdue_cents,
        count(*) filter (
            where invoice_list.outstanding_cents > 0 and invoice_list.due_key < $today
        ) as overdue_invoices,
        count(*) filter (
            where invoice_list.outstanding_cents <= 0 and invoice_list.last_applied_date is not null
        ) as paid_invoices,
        avg(invoice_list.last_applied_date - invoice_list.invoice_date) filter (
            where invoice_list.outstanding_cents <= 0 and invoice_list.last_applied_date is not null
        ) as average_days_to_pay
    from shown.invoice_list
    semi join accounts
        on invoice_list.client_id = accounts.client_id
    where not invoice_list.is_void
    group by invoice_list.currency

)

select
    held.currency,
    held.clients,
    held.outstanding_cents,
    coalesce(billed.overdue_cents, 0) as overdue_cents,
    held.unapplied_cents,
    (held.outstanding_cents - held.unapplied_cents)::bigint as net_cents,
    held.unpaid_invoices,
    coalesce(billed.overdue_invoices, 0) as overdue_invoices,
    held.payments_to_date_cents,
    held.last_payment_date,
    coalesce(billed.paid_invoices, 0) as paid_invoices,
    billed.average_days_to_pay
from held
left join billed
    on held.currency = billed.currency
order by
    held.outstanding_cents desc,
    held.currency asc
