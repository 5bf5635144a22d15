-- What:    What one client owes, the oldest due date first.
-- Grain:   one row per open invoice.
-- Params:  $sees_all BOOLEAN  true for somebody with all clients
--          $staff_id KEY      else only clients where this person is partner or manager
--          $client_id KEY     the client
--          $currency VARCHAR  only invoices in this currency
--          $today DATE        the firm's day; ages are counted to it
--          $most INTEGER      how many invoices at the most
-- Units:   *_cents whole cents; days_overdue days past the due date, 0 until then, null without.
-- Source:  shown.invoice_list, shown.disputed_invoices
-- Ties to: worklist/overdue_clients (outstanding_cents)
select
    invoice_list.invoice_id::varchar as invoice_id,
    invoice_list.invoice_number,
    invoice_list.due_date,
    greatest($today - invoice_list.due_date, 0)::bigint as days_overdue,
    invoice_list.outstanding_cents,
    invoice_list.is_disputed or disputed.invoice_id is not null as is_disputed,
    count(*) over () as open_invoices
from shown.invoice_list
left join shown.disputed_invoices as disputed
    on invoice_list.invoice_id = disputed.invoice_id and disputed.until_key >= $today
where
    invoice_list.client_id = $client_id
    and invoice_list.outstanding_cents > 0
    and invoice_list.currency = $currency
    and (
        $sees_all
        or invoice_list.partner_id = $staff_id
        or invoice_list.manager_id = $staff_id
    )
order by
    invoice_list.due_key asc,
    invoice_list.invoice_id asc
limit $most
