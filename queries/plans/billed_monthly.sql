-- What:    What a client was billed in an average month of the last six, in the firm's currency.
-- Grain:   one row.
-- Params:  $sees_all BOOLEAN  true for somebody with all clients
--          $staff_id KEY      else only clients where this person is partner or manager
--          $client_id KEY     the client
--          $currency VARCHAR  the firm's currency
--          $today DATE        the firm's day
-- Units:   billed_monthly_cents whole cents.
-- Source:  invoice_list
-- Ties to: plans/plans (health of recurring plans)
select coalesce(sum(invoice_list.amount_cents) // 6, 0)::bigint as billed_monthly_cents
from invoice_list
where
    invoice_list.client_id = $client_id
    and invoice_list.currency = $currency
    and invoice_list.invoice_date between $today - interval 6 month and $today
    and not invoice_list.is_void
    and ($sees_all or invoice_list.partner_id = $staff_id or invoice_list.manager_id = $staff_id)
