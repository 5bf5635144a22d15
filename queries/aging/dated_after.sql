-- What:    What is dated after a day and therefore not counted in the aging of that day.
-- Grain:   one row per currency with any such entry.
-- Params:  $sees_all BOOLEAN  true for somebody with all clients
--          $staff_id KEY      else only clients where this person is partner or manager
--          $as_of DATE        the day looked at; what is dated on it counts there, not here
--          $partner_id KEY    only this partner's clients; null means all
--          $manager_id KEY    only this manager's clients; null means all
--          $office VARCHAR    only clients of this office; null means all
--          $client_group VARCHAR  only clients of this group; null means all
-- Units:   *_cents whole cents. billed, received and applied are amounts of the entries;
--          moved_cents is what outstanding over all dates has beyond outstanding on the day
--          (negative where more was applied later than billed later).
-- Source:  invoice_list, receipt_list, applications, clients
-- Ties to: aging/aging_totals (outstanding of the day + moved_cents = lists/invoices outstanding)
with

entries as (

    select
        invoice_list.currency,
        invoice_list.client_id,
        1 as invoice_count,
        invoice_list.amount_cents as billed_cents,
        0 as receipt_count,
        0 as received_cents,
        0 as applied_cents,
        greatest(invoice_list.outstanding_cents, 0) as moved_cents
    from invoice_list
    where
        invoice_list.invoice_date > $as_of
        and not invoice_list.is_void
    union all
    select
        receipt_list.currency,
        receipt_list.client_id,
        0 as invoice_count,
        0 as billed_cents,
        1 as receipt_count,
        receipt_list.amount_cents as received_cents,
        0 as applied_cents,
        0 as moved_cents
    from receipt_list
    where receipt_list.receipt_date > $as_of
    union all
    select
        invoice_list.currency,
        invoice_list.client_id,
        0 as invoice_count,
        0 as billed_cents,
        0 as receipt_count,
        0 as received_cents,
        sum(applications.amount_cents) as applied_cents,
        greatest(invoice_list.outstanding_cents, 0)
        - greatest(invoice_list.outstanding_cents + sum(applications.amount_cents), 0)
            as moved_cents
    from applications
    inner join invoice_list
        on applications.invoice_id = invoice_list.invoice_id
    where
        applications.applied_date > $as_of
        and invoice_list.invoice_date <= $as_of
        and not invoice_list.is_void
    group by
        invoice_list.invoice_id,
        invoice_list.currency,
        invoice_list.client_id,
        invoice_list.outstanding_cents

)

select
    entries.currency,
    sum(entries.invoice_count)::bigint as invoice_count,
    sum(entries.billed_cents)::bigint as billed_cents,
    sum(entries.receipt_count)::bigint as receipt_count,
    sum(entries.received_cents)::bigint as received_cents,
    sum(entries.applied_cents)::bigint as applied_cents,
    sum(entries.moved_cents)::bigint as moved_cents
from entries
inner join clients
    on entries.client_id = clients.client_id
where
    ($sees_all or clients.partner_id = $staff_id or clients.manager_id = $staff_id)
    and ($partner_id is null or clients.partner_id = $partner_id)
    and ($manager_id is null or clients.manager_id = $manager_id)
    and ($office is null or clients.office = $office)
    and ($client_group is null or clients.client_group = $client_group)
group by entries.currency
order by entries.currency asc
