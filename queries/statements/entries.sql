-- What:    Everything that changed what a client owes, up to a day.
-- Grain:   one row per invoice and per receipt that is not void.
-- Params:  $client_id KEY     the client
--          $currency VARCHAR  entries in this currency
--          $until DATE        entries dated after it are left out
-- Units:   signed_cents whole cents; positive raises what is owed.
-- Source:  invoice_list, receipt_list
-- Ties to: lists/clients (outstanding_cents - unapplied_cents)
select
    invoice_list.invoice_date as entry_date,
    invoice_list.entry_kind,
    invoice_list.invoice_number as document,
    invoice_list.applied_cents + invoice_list.outstanding_cents as signed_cents,
    0 as place
from invoice_list
where
    invoice_list.client_id = $client_id
    and invoice_list.currency = $currency
    and not invoice_list.is_void
    and invoice_list.invoice_date <= $until
union all
select
    receipt_list.receipt_date as entry_date,
    receipt_list.entry_kind,
    receipt_list.reference as document,
    -receipt_list.amount_cents as signed_cents,
    1 as place
from receipt_list
where
    receipt_list.client_id = $client_id
    and receipt_list.currency = $currency
    and receipt_list.receipt_date <= $until
order by
    entry_date asc,
    place asc,
    document asc
