-- What:    What was owed on a past day, by age, per partner, manager, office, group or client.
-- Grain:   one row per group and currency with anything outstanding or unapplied.
-- Params:  $sees_all BOOLEAN    true for somebody with all clients
--          $staff_id KEY        else only clients where this person is partner or manager
--          $as_of DATE          the day asked about; only what is dated on or before it counts
--          $group_by VARCHAR    partner, manager, office, group, client, or all for one row
--          $lens VARCHAR        due: days past the due date; invoice: days since the invoice date
--          $edge_1 INTEGER      the last day of the first bucket, e.g. 30
--          $edge_2 INTEGER      of the second; null (like those after it) where there is none
--          $edge_3 INTEGER      of the third
--          $edge_4 INTEGER      of the fourth
--          $edge_5 INTEGER      of the fifth
--          $edge_6 INTEGER      of the sixth
--          $partner_id KEY      only this partner's clients; null means all
--          $manager_id KEY      only this manager's clients; null means all
--          $office VARCHAR      only clients of this office; null means all
--          $client_group VARCHAR  only clients of this group; null means all
-- Units:   *_cents whole cents; b1 to b7 are the buckets the edges make, the last without end.
-- Source:  invoice_list, applications, receipt_list, clients, staff
-- Ties to: totals/aging_as_of, totals/totals_as_of; owners and groups are as they are now
with

scoped_clients as (

    select
        clients.client_id,
        clients.client_name,
        clients.client_number,
        case $group_by
            when 'partner' then clients.partner_id::varchar
            when 'manager' then clients.manager_id::varchar
            when 'office' then clients.office
            when 'group' then clients.client_group
            when 'client' then clients.client_id::varchar
            else 'all'
        end as group_key
    from clients
    where
        ($sees_all or clients.partner_id = $staff_id or clients.manager_id = $staff_id)
        and ($partner_id is null or clients.partner_id = $partner_id)
        and ($manager_id is null or clients.manager_id = $manager_id)
        and ($office is null or clients.office = $office)
        and ($client_group is null or clients.client_group = $client_group)

),

applied_then as (

    select
        applications.invoice_id,
        sum(applications.amount_cents)::bigint as applied_cents
    from applications
    where applications.applied_date <= $as_of
    group by applications.invoice_id

),

balances_then as (

    select
        invoice_list.client_id,
        invoice_list.currency,
        -- what was settled outside the entries has no date: it counts as settled from the start
        invoice_list.applied_cents
        + invoice_list.outstanding_cents
        - coalesce(applied_then.applied_cents, 0) as balance_cents,
        $as_of - case
            when $lens = 'due' then invoice_list.due_date
            else invoice_list.invoice_date
        end as days
    from invoice_list
    left join applied_then
        on invoice_list.invoice_id = applied_then.invoice_id
    where
        invoice_list.invoice_date <= $as_of
        and not invoice_list.is_void

),

owed as (

    select
        scoped_clients.group_key,
        balances_then.currency,
        balances_then.balance_cents as outstanding_cents,
        balances_then.days
    from balances_then
    inner join scoped_clients
        on balances_then.client_id = scoped_clients.client_id
    where balances_then.balance_cents > 0

),

-- money received by then and not applied by then; what an invoice was overpaid counts too
loose as (

    select
        receipt_list.client_id,
        receipt_list.currency,
        receipt_list.amount_cents as loose_cents
    from receipt_list
    where receipt_list.receipt_date <= $as_of
    union all
    select
        receipt_list.client_id,
        receipt_list.currency,
        -applications.amount_cents as loose_cents
    from applications
    inner join receipt_list
        on applications.receipt_id = receipt_list.receipt_id
    semi join invoice_list
        on applications.invoice_id = invoice_list.invoice_id
    where
        applications.applied_date <= $as_of
        and receipt_list.receipt_date <= $as_of
    union all
    select
        balances_then.client_id,
        balances_then.currency,
        -balances_then.balance_cents as loose_cents
    from balances_then
    where balances_then.balance_cents < 0

),

unapplied as (

    select
        scoped_clients.group_key,
        loose.currency,
        sum(loose.loose_cents)::bigint as unapplied_cents
    from loose
    inner join scoped_clients
        on loose.client_id = scoped_clients.client_id
    group by
        scoped_clients.group_key,
        loose.currency

),

placed as (

    select
        owed.*,
        1
        + coalesce((owed.days > $edge_1)::integer, 0)
        + coalesce((owed.days > $edge_2)::integer, 0)
        + coalesce((owed.days > $edge_3)::integer, 0)
        + coalesce((owed.days > $edge_4)::integer, 0)
        + coalesce((owed.days > $edge_5)::integer, 0)
        + coalesce((owed.days > $edge_6)::integer, 0) as bucket
    from owed

),

aged as (

    select
        placed.group_key,
        placed.currency,
        count(*) as invoice_count,
        sum(placed.outstanding_cents) as outstanding_cents,
        sum(placed.outstanding_cents) filter (where placed.days is null) as no_due_date_cents,
        sum(placed.outstanding_cents) filter (where placed.days <= 0) as not_due_cents,
        sum(placed.outstanding_cents) filter (where placed.days > 0 and placed.bucket = 1) as b1,
        sum(placed.outstanding_cents) filter (where placed.days > 0 and placed.bucket = 2) as b2,
        sum(placed.outstanding_cents) filter (where placed.days > 0 and placed.bucket = 3) as b3,
        sum(placed.outstanding_cents) filter (where placed.days > 0 and placed.bucket = 4) as b4,
        sum(placed.outstanding_cents) filter (where placed.days > 0 and placed.bucket = 5) as b5,
        sum(placed.outstanding_cents) filter (where placed.days > 0 and placed.bucket = 6) as b6,
        sum(placed.outstanding_cents) filter (where placed.days > 0 and placed.bucket = 7) as b7
    from placed
    group by
        placed.group_key,
        placed.currency

),

accounts as (

    select aged.group_key, aged.currency from aged
    union
    select unapplied.group_key, unapplied.currency
    from unapplied
    where unapplied.unapplied_cents <> 0

),

summed as (

    select
        accounts.group_key,
        accounts.currency,
        coalesce(aged.invoice_count, 0) as invoice_count,
        coalesce(aged.outstanding_cents, 0)::bigint as outstanding_cents,
        coalesce(unapplied.unapplied_cents, 0)::bigint as unapplied_cents,
        coalesce(aged.no_due_date_cents, 0)::bigint as no_due_date_cents,
        coalesce(aged.not_due_cents, 0)::bigint as not_due_cents,
        coalesce(aged.b1, 0)::bigint as b1_cents,
        coalesce(aged.b2, 0)::bigint as b2_cents,
        coalesce(aged.b3, 0)::bigint as b3_cents,
        coalesce(aged.b4, 0)::bigint as b4_cents,
        coalesce(aged.b5, 0)::bigint as b5_cents,
        coalesce(aged.b6, 0)::bigint as b6_cents,
        coalesce(aged.b7, 0)::bigint as b7_cents
    from accounts
    left join aged
        on
            accounts.group_key is not distinct from aged.group_key
            and accounts.currency = aged.currency
    left join unapplied
        on
            accounts.group_key is not distinct from unapplied.group_key
            and accounts.currency = unapplied.currency

)

select
    summed.group_key,
    concat(summed.group_key, '-', summed.currency) as row_id,
    case
        when $group_by in ('partner', 'manager')
            then coalesce(staff.full_name, concat('No ', $group_by))
        when $group_by = 'client' then coalesce(clients.client_name, '')
        when coalesce(summed.group_key, '') = '' then concat('No ', $group_by)
        else summed.group_key
    end as group_name,
    clients.client_number,
    summed.currency,
    summed.invoice_count,
    summed.not_due_cents,
    summed.b1_cents,
    summed.b2_cents,
    summed.b3_cents,
    summed.b4_cents,
    summed.b5_cents,
    summed.b6_cents,
    summed.b7_cents,
    summed.no_due_date_cents,
    summed.outstanding_cents,
    summed.unapplied_cents,
    (summed.outstanding_cents - summed.unapplied_cents)::bigint as net_cents
from summed
left join staff
    on $group_by in ('partner', 'manager') and summed.group_key = staff.staff_id::varchar
left join clients
    on $group_by = 'client' and summed.group_key = clients.client_id::varchar
order by
    summed.outstanding_cents desc,
    summed.group_key asc,
    summed.currency asc
