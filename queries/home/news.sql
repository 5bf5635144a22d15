-- What:    What happened since a day: invoices posted, payments received, invoices now overdue.
-- Grain:   one row.
-- Params:  $sees_all BOOLEAN  true for somebody with all clients
--          $staff_id KEY      else only clients where this person is partner or manager
--          $currency VARCHAR  only what is in this currency
--          $since DATE        entries dated on or after it count
--          $today DATE        the firm's day; overdue is due before it
-- Units:   *_cents whole cents; newly overdue: not overdue on $since, overdue today.
-- Source:  invoice_list, shown.payment_list, shown.open_invoices
-- Ties to: lists/invoices and lists/payments filtered to the dates
with

posted as (

    select
        count(*) as invoices,
        sum(invoice_list.amount_cents) as invoiced_cents
    from invoice_list
    where
        invoice_list.invoice_date >= $since
        and not invoice_list.is_void
        and invoice_list.currency = $currency
        and (
            $sees_all
            or invoice_list.partner_id = $staff_id
            or invoice_list.manager_id = $staff_id
        )

),

received as (

    select
        count(*) as payments,
        sum(payment_list.amount_cents) as paid_cents
    from shown.payment_list
    where
        payment_list.receipt_date >= $since
        and payment_list.entry_kind = 'payment'
        and not payment_list.has_failed
        and payment_list.currency = $currency
        and (
            $sees_all
            or payment_list.partner_id = $staff_id
            or payment_list.manager_id = $staff_id
        )

),

fallen_due as (

    select
        count(*) as newly_overdue,
        sum(open_invoices.outstanding_cents) as newly_overdue_cents
    from shown.open_invoices
    where
        open_invoices.due_key >= $since
        and open_invoices.due_key < $today
        and open_invoices.currency = $currency
        and (
            $sees_all
            or open_invoices.partner_id = $staff_id
            or open_invoices.manager_id = $staff_id
        )

)

select
    posted.invoices,
    coalesce(posted.invoiced_cents, 0)::bigint as invoiced_cents,
    received.payments,
    coalesce(received.paid_cents, 0)::bigint as paid_cents,
    fallen_due.newly_overdue,
    coalesce(fallen_due.newly_overdue_cents, 0)::bigint as newly_overdue_cents
from posted
cross join received
cross join fallen_due
order by posted.invoices asc
