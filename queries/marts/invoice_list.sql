-- What:    What each invoice of a shown client amounts to, has been paid and still owes.
-- Grain:   one row per invoice, in the order of invoice dates.
-- Units:   *_cents whole cents; due_key is 9999-12-31 where there is no due date; open_cents only
--          where the source keeps nothing but a balance.
-- Source:  scoped_invoices and scoped_applications (all of them, or those a refresh touches), clients
-- Ties to: checks/invoice_list_ties
with

applied as (

    select
        scoped_applications.invoice_id,
        sum(scoped_applications.amount_cents)::bigint as applied_cents,
        max(scoped_applications.applied_date) as last_applied_date
    from scoped_applications
    group by scoped_applications.invoice_id

),

balanced as (

    select
        scoped_invoices.*,
        coalesce(applied.applied_cents, 0) as applied_cents,
        applied.last_applied_date,
        -- a source that keeps only a balance has settled the difference outside the entries it shows
        case
            when scoped_invoices.is_void then 0
            when scoped_invoices.open_cents is not null then scoped_invoices.open_cents
            else scoped_invoices.amount_cents - coalesce(applied.applied_cents, 0)
        end as outstanding_cents
    from scoped_invoices
    left join applied
        on scoped_invoices.invoice_id = applied.invoice_id

)

select
    balanced.invoice_id,
    balanced.invoice_number,
    balanced.client_id,
    clients.partner_id,
    clients.manager_id,
    clients.office,
    balanced.engagement_id,
    balanced.entry_kind,
    balanced.invoice_date,
    balanced.due_date,
    coalesce(balanced.due_date, date '9999-12-31') as due_key,
    balanced.currency,
    balanced.amount_cents,
    balanced.applied_cents,
    balanced.outstanding_cents::bigint as outstanding_cents,
    balanced.open_cents,
    balanced.last_applied_date,
    coalesce(balanced.is_disputed, false) as is_disputed,
    coalesce(balanced.is_void, false) as is_void,
    balanced.changed_at
from balanced
inner join clients
    on balanced.client_id = clients.client_id
order by
    balanced.invoice_date asc,
    balanced.invoice_id asc
