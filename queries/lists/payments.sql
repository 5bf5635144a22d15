-- What:    What the payments list shows of a payment, credit, write-off, refund or return.
-- Grain:   one row per entry.
-- Units:   *_cents whole cents of the row's currency; positive reduces what is owed.
-- Source:  picked_rows (those of receipt_list that are asked for), clients, staff
-- Ties to: lists/payments.toml (what the same columns filter and sort by)
select
    receipt_list.picked_row,
    receipt_list.receipt_date,
    clients.client_name,
    clients.client_number,
    receipt_list.amount_cents,
    receipt_list.method,
    case receipt_list.entry_kind
        when 'payment' then 'Payment'
        when 'credit_memo' then 'Credit memo'
        when 'write_off' then 'Write-off'
        when 'refund' then 'Refund'
        when 'return' then 'Return'
        when 'reversal' then 'Reversal'
    end as entry_kind,
    receipt_list.reference,
    receipt_list.applied_cents,
    receipt_list.unapplied_cents,
    receipt_list.invoice_count,
    'PMS' as source,
    partner.full_name as partner,
    manager.full_name as manager,
    receipt_list.currency,
    receipt_list.client_id::varchar as client_id,
    receipt_list.receipt_id::varchar as receipt_id
from picked_rows as receipt_list
inner join clients
    on receipt_list.client_id = clients.client_id
left join staff as partner
    on receipt_list.partner_id = partner.staff_id
left join staff as manager
    on receipt_list.manager_id = manager.staff_id
