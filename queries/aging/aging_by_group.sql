-- What:    What is owed on a day, by age, per partner, manager, office, client group or client.
--          Now's balances, corrected for what is dated after the day: an invoice's balance of the
--          day is its balance now and what was applied to it since. Near today that is little.
--          From today on, pending portal payments are taken off and told apart.
-- Grain:   one row per group and currency with anything outstanding, pending or unapplied.
-- Params:  $sees_all BOOLEAN    true for somebody with all clients
--          $staff_id KEY        else only clients where this person is partner or manager
--          $as_of DATE          only what is dated on or before it counts; ages are counted to it
--          $today DATE          the firm's day; what is pending counts from it on
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
-- Source:  open_invoices, invoice_list, applications, client_list, receipt_list, clients, staff,
--          shown.pending_invoices
-- Ties to: totals/totals_as_of and totals/aging_as_of of the same day (outstanding and pending
--          together); aging/aging_totals;
--          with aging/dated_after: lists/invoices. Owners and groups are as they are now.
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

later_applications as (

    select
        applications.receipt_id,
        applications.invoice_id,
        applications.amount_cents
    from applications
    where applications.applied_date > $as_of

),

moved_since as (

    select
        invoice_list.invoice_id,
        invoice_list.client_id,
        invoice_list.currency,
        invoice_list.invoice_date,
        invoice_list.due_date,
        invoice_list.outstanding_cents as now_cents,
        invoice_list.outstanding_cents + sum(later_applications.amount_cents)::bigint as then_cents
    from later_applications
    inner join invoice_list
        on later_applications.invoice_id = invoice_list.invoice_id
    where
        invoice_list.invoice_date <= $as_of
        and not invoice_list.is_void
    group by
        invoice_list.invoice_id,
        invoice_list.client_id,
        invoice_list.currency,
        invoice_list.invoice_date,
        invoice_list.due_date,
        invoice_list.outstanding_cents

),

open_then as (

    select
        open_invoices.client_id,
        open_invoices.currency,
        open_invoices.invoice_date,
        open_invoices.due_date,
        open_invoices.outstanding_cents,
        1 as invoice_count,
        0 as pending_cents
    from open_invoices
    anti join moved_since
        on open_invoices.invoice_id = moved_since.invoice_id
    where open_invoices.invoice_date <= $as_of
    union all
    select
        moved_since.client_id,
        moved_since.currency,
        moved_since.invoice_date,
        moved_since.due_date,
        moved_since.then_cents as outstanding_cents,
        1 as invoice_count,
        0 as pending_cents
    from moved_since
    where moved_since.then_cents > 0
    union all
    select
        pending_invoices.client_id,
        pending_invoices.currency,
        pending_invoices.invoice_date,
        pending_invoices.due_date,
        -pending_invoices.pending_cents as outstanding_cents,
        (pending_invoices.outstanding_cents > 0)::integer
        - (pending_invoices.owed_cents > 0)::integer as invoice_count,
        pending_invoices.pending_cents
    from shown.pending_invoices
    where $as_of >= $today

),

owed as (

    select
        scoped_clients.group_key,
        open_then.currency,
        open_then.outstanding_cents,
        open_then.invoice_count,
        open_then.pending_cents,
        $as_of - case
            when $lens = 'due' then open_then.due_date
            else open_then.invoice_date
        end as days
    from open_then
    inner join scoped_clients
        on open_then.client_id = scoped_clients.client_id

),

-- money received by then and not applied by then; what an invoice was overpaid counts too
loose as (

    select
        client_list.client_id,
        client_list.currency,
        client_list.unapplied_cents as loose_cents
    from client_list
    union all
    select
        receipt_list.client_id,
        receipt_list.currency,
        -receipt_list.unapplied_cents as loose_cents
    from receipt_list
    where
        receipt_list.receipt_date > $as_of
        and receipt_list.unapplied_cents <> 0
    union all
    select
        receipt_list.client_id,
        receipt_list.currency,
        later_applications.amount_cents as loose_cents
    from later_applications
    inner join receipt_list
        on later_applications.receipt_id = receipt_list.receipt_id
    where receipt_list.receipt_date <= $as_of
    union all
    select
        moved_since.client_id,
        moved_since.currency,
        least(moved_since.now_cents, 0) - least(moved_since.then_cents, 0) as loose_cents
    from moved_since
    union all
    select
        invoice_list.client_id,
        invoice_list.currency,
        invoice_list.outstanding_cents as loose_cents
    from invoice_list
    where
        invoice_list.invoice_date > $as_of
        and invoice_list.outstanding_cents < 0

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
        sum(placed.invoice_count) as invoice_count,
        sum(placed.pending_cents) as pending_cents,
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
        coalesce(aged.invoice_count, 0)::bigint as invoice_count,
        coalesce(aged.pending_cents, 0)::bigint as pending_cents,
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
    summed.pending_cents,
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
