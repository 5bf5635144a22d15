-- What:    Clients shown, invoices sent and paid by a day, and how long paying took.
-- Grain:   one row.
-- Params:  $as_of DATE  only entries dated on or before it count
-- Units:   average_days_to_pay whole days averaged over invoices, 4 decimals.
-- Source:  invoice_list, applications, clients
with

applied as (

    select
        applications.invoice_id,
        sum(applications.amount_cents)::bigint as applied_cents,
        max(applications.applied_date) as last_applied_date
    from applications
    where applications.applied_date <= $as_of
    group by applications.invoice_id

),

standing as (

    select
        invoice_list.invoice_date,
        applied.last_applied_date,
        invoice_list.applied_cents
        + invoice_list.outstanding_cents
        - coalesce(applied.applied_cents, 0) as balance_cents
    from invoice_list
    left join applied
        on invoice_list.invoice_id = applied.invoice_id
    where
        invoice_list.invoice_date <= $as_of
        and not invoice_list.is_void

),

paid as (

    select standing.last_applied_date - standing.invoice_date as days_to_pay
    from standing
    where
        standing.balance_cents <= 0
        and standing.last_applied_date is not null

)

select
    (
        select count(*)
        from clients
        where coalesce(clients.opened_date, date '0001-01-01') <= $as_of
    ) as clients,
    (select count(*) from standing) as invoices,
    (select count(*) from paid) as paid_invoices,
    (select round(avg(paid.days_to_pay), 4) from paid) as average_days_to_pay
order by clients
