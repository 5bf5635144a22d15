-- What:    What the invoices list shows of an invoice.
-- Grain:   one row per invoice.
-- Params:  $today DATE  the firm's day; status and age are counted to it
-- Units:   *_cents whole cents of the row's currency; ages in days.
-- Source:  picked_rows (those of invoice_list that are asked for), clients, staff, engagements,
--          shown.pending_invoices, shown.planned_invoices, shown.disputed_invoices
-- Ties to: lists/invoices.toml (what the same columns filter and sort by)
select
    invoice_list.picked_row,
    case
        when invoice_list.is_void then 'Void'
        when invoice_list.outstanding_cents <= coalesce(pending.pending_cents, 0) then 'Paid'
        when invoice_list.due_key < $today then 'Overdue'
        else 'Open'
    end as status,
    invoice_list.invoice_number,
    clients.client_name,
    clients.client_number,
    invoice_list.invoice_date,
    ($today - invoice_list.invoice_date) as invoice_age,
    invoice_list.due_date,
    invoice_list.amount_cents,
    greatest(invoice_list.outstanding_cents - coalesce(pending.pending_cents, 0), 0)::bigint
        as outstanding_cents,
    coalesce(pending.pending_cents, 0)::bigint as pending_cents,
    case
        when
            invoice_list.outstanding_cents > coalesce(pending.pending_cents, 0)
            and invoice_list.due_key < $today
            then $today - invoice_list.due_date
    end as days_overdue,
    case
        when invoice_list.outstanding_cents <= 0 and not invoice_list.is_void
            then invoice_list.last_applied_date
    end as paid_date,
    partner.full_name as partner,
    manager.full_name as manager,
    concat_ws(
        ', ',
        case
            when
                invoice_list.outstanding_cents > coalesce(pending.pending_cents, 0)
                and invoice_list.applied_cents > 0
                then 'Partly paid'
        end,
        case when coalesce(pending.pending_cents, 0) > 0 then 'Pending' end,
        case
            when invoice_list.is_disputed or disputed.invoice_id is not null then 'Disputed'
        end,
        case when planned.invoice_id is not null then 'In plan' end
    ) as marks,
    case invoice_list.entry_kind
        when 'invoice' then 'Invoice'
        when 'service_charge' then 'Service charge'
        when 'debit_memo' then 'Debit memo'
    end as entry_kind,
    engagements.engagement_name as engagement,
    invoice_list.currency,
    invoice_list.client_id::varchar as client_id,
    invoice_list.invoice_id::varchar as invoice_id
from picked_rows as invoice_list
inner join clients
    on invoice_list.client_id = clients.client_id
left join staff as partner
    on invoice_list.partner_id = partner.staff_id
left join staff as manager
    on invoice_list.manager_id = manager.staff_id
left join engagements
    on invoice_list.engagement_id = engagements.engagement_id
left join shown.pending_invoices as pending
    on invoice_list.invoice_id = pending.invoice_id
left join shown.planned_invoices as planned
    on invoice_list.invoice_id = planned.invoice_id
left join shown.disputed_invoices as disputed
    on invoice_list.invoice_id = disputed.invoice_id and disputed.until_key >= $today
