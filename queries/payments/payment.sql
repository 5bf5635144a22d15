-- What:    One entry that changes what a client owes: payment, credit, write-off, refund or return.
-- Grain:   one row; none for a client that is left out or not in the person's scope.
-- Params:  $sees_all BOOLEAN  true for somebody with all clients
--          $staff_id KEY      else only clients where this person is partner or manager
--          $receipt_id KEY    the entry
-- Units:   *_cents whole cents, positive reduces what is owed.
-- Source:  receipt_list, clients, staff
with

of_client as (

    select
        receipt_list.receipt_id,
        lag(receipt_list.receipt_id) over (
            order by receipt_list.receipt_date, receipt_list.receipt_id
        ) as previous_id,
        lead(receipt_list.receipt_id) over (
            order by receipt_list.receipt_date, receipt_list.receipt_id
        ) as next_id
    from receipt_list
    where
        receipt_list.client_id = (
            select asked.client_id
            from receipt_list as asked
            where asked.receipt_id = $receipt_id
        )

)

select
    receipt_list.receipt_id::varchar as receipt_id,
    case receipt_list.entry_kind
        when 'payment' then 'Payment'
        when 'credit_memo' then 'Credit memo'
        when 'write_off' then 'Write-off'
        when 'refund' then 'Refund'
        when 'return' then 'Return'
        when 'reversal' then 'Reversal'
    end as entry_kind,
    receipt_list.receipt_date,
    receipt_list.method,
    receipt_list.reference,
    receipt_list.payment_id,
    receipt_list.client_id::varchar as client_id,
    clients.client_name,
    clients.client_number,
    partner.full_name as partner,
    manager.full_name as manager,
    receipt_list.currency,
    receipt_list.amount_cents,
    receipt_list.applied_cents,
    receipt_list.unapplied_cents,
    receipt_list.invoice_count,
    of_client.previous_id::varchar as previous_id,
    of_client.next_id::varchar as next_id
from receipt_list
inner join of_client
    on receipt_list.receipt_id = of_client.receipt_id
inner join clients
    on receipt_list.client_id = clients.client_id
left join staff as partner
    on receipt_list.partner_id = partner.staff_id
left join staff as manager
    on receipt_list.manager_id = manager.staff_id
where
    receipt_list.receipt_id = $receipt_id
    and ($sees_all or receipt_list.partner_id = $staff_id or receipt_list.manager_id = $staff_id)
order by receipt_list.receipt_id
