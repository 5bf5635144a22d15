-- What is owed and unapplied on a day per partner, from the canonical tables alone.
with

applied as (
    select
        applications.invoice_id,
        sum(applications.amount_cents) as cents
    from applications
    where applications.applied_date <= $as_of
    group by applications.invoice_id
),

balances as (
    select
        clients.partner_id,
        invoices.amount_cents - coalesce(applied.cents, 0) as cents,
        $as_of - invoices.due_date as days
    from invoices
    inner join clients on invoices.client_id = clients.client_id
    left join applied on invoices.invoice_id = applied.invoice_id
    where invoices.invoice_date <= $as_of and not invoices.is_void
),

received as (
    select
        clients.partner_id,
        sum(receipts.amount_cents) as cents
    from receipts
    inner join clients on receipts.client_id = clients.client_id
    where receipts.receipt_date <= $as_of
    group by clients.partner_id
),

used as (
    select
        clients.partner_id,
        sum(applications.amount_cents) as cents
    from applications
    inner join receipts on applications.receipt_id = receipts.receipt_id
    inner join clients on receipts.client_id = clients.client_id
    where applications.applied_date <= $as_of
    group by clients.partner_id
),

owed as (
    select
        balances.partner_id,
        sum(greatest(balances.cents, 0))::bigint as outstanding_cents,
        sum(balances.cents) filter (where balances.cents > 0 and balances.days <= 0) as not_due_cents,
        sum(balances.cents) filter (where balances.cents > 0 and balances.days between 1 and 30) as b1_cents,
        sum(balances.cents) filter (where balances.cents > 0 and balances.days between 31 and 60) as b2_cents,
        sum(balances.cents) filter (where balances.cents > 0 and balances.days between 61 and 90) as b3_cents,
        sum(balances.cents) filter (where balances.cents > 0 and balances.days between 91 and 120) as b4_cents,
        sum(balances.cents) filter (where balances.cents > 0 and balances.days > 120) as b5_cents,
        sum(balances.cents) filter (where balances.cents > 0 and balances.days is null) as no_due_date_cents,
        -sum(least(balances.cents, 0)) as overpaid_cents
    from balances
    group by balances.partner_id
)

select
    staff.full_name as group_name,
    owed.*,
    (coalesce(received.cents, 0) - coalesce(used.cents, 0) + owed.overpaid_cents)::bigint as unapplied_cents
from owed
left join staff on owed.partner_id = staff.staff_id
left join received on owed.partner_id is not distinct from received.partner_id
left join used on owed.partner_id is not distinct from used.partner_id
order by owed.outstanding_cents desc
