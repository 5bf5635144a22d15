-- What the invoices list shows of the rows of `page`, which a statement of this folder picks.
select
    page.invoice_id::varchar as invoice_id,
    case
        when page.is_void then 'Void'
        when page.outstanding_cents <= 0 then 'Paid'
        when page.due_key < $today then 'Overdue'
        else 'Open'
    end as status,
    page.invoice_number,
    clients.client_name,
    clients.client_number,
    page.invoice_date,
    $today - page.invoice_date as invoice_age,
    page.due_date,
    page.amount_cents,
    greatest(page.outstanding_cents, 0)::bigint as outstanding_cents,
    case
        when page.outstanding_cents > 0 and page.due_key < $today then $today - page.due_date
    end as days_overdue,
    partner.full_name as partner,
    manager.full_name as manager,
    concat_ws(
        ', ',
        case when page.outstanding_cents > 0 and page.applied_cents > 0 then 'Partly paid' end,
        case when page.is_disputed then 'Disputed' end
    ) as marks,
    page.entry_kind,
    engagements.engagement_name as engagement,
    page.currency,
    page.client_id::varchar as client_id
from page
inner join clients on page.client_id = clients.client_id
left join staff as partner on page.partner_id = partner.staff_id
left join staff as manager on page.manager_id = manager.staff_id
left join engagements on page.engagement_id = engagements.engagement_id
