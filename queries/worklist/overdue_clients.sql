-- What:    Clients with something overdue, in the order in which to contact them, and why.
--          The score, 0 to 100, is the rounded sum of
--            amount   up to 55: from 100 overdue and not in dispute, 55/3 for each power of ten
--                     (100,000 and more of the currency gives all 55)
--            age      up to 20: a point per 6 days of the oldest overdue invoice
--            share    up to 10: 10 times overdue / outstanding
--            silence  up to 10: a point per 12 days since the last payment; never paid: 10
--            nobody   5 when there is nobody to write to, so that somebody looks for a contact
--            paying   minus 15 when a payment came in the last 14 days
--          First come broken promises, then what is due to be done today, then the others; each
--          by score, the larger overdue amount, the name. What waits (paused, promised, to be
--          taken up on a later day) is `later`, what somebody has finished today is `done`.
-- Grain:   one row per client and currency with an overdue invoice.
-- Params:  $sees_all BOOLEAN  true for somebody with all clients
--          $staff_id KEY      else only clients where this person is partner or manager
--          $today DATE        the firm's day; overdue is due before it
--          $most INTEGER      only so many, the first; null means all
--          $row_id VARCHAR    with the first ones also this row and the one after it
-- Units:   *_cents whole cents of the row's currency; *_days days.
-- Source:  open_invoices, client_list, staff, store.promises, store.invoice_disputes,
--          store.client_holds, store.worklist_marks, store.statements, store.letters
-- Ties to: lists/clients (sum of overdue_cents)
with

overdue as (

    select
        open_invoices.client_id,
        open_invoices.currency,
        sum(open_invoices.outstanding_cents)::bigint as overdue_cents,
        coalesce(
            sum(open_invoices.outstanding_cents)
                filter (where open_invoices.is_disputed or contested.invoice_id is not null),
            0
        )::bigint as disputed_cents,
        count(*) as overdue_invoices,
        ($today - min(open_invoices.due_key))::bigint as oldest_days
    from shown.open_invoices
    left join store.invoice_disputes as contested
        on
            open_invoices.invoice_id = contested.invoice_id
            and contested.closed_at is null
            and coalesce(contested.until, $today) >= $today
    where
        open_invoices.due_key < $today
        and (
            $sees_all
            or open_invoices.partner_id = $staff_id
            or open_invoices.manager_id = $staff_id
        )
    group by
        open_invoices.client_id,
        open_invoices.currency

),

promised as (

    select
        promises.client_id,
        promises.currency,
        promises.state,
        promises.amount_cents,
        promises.promised_on,
        promises.promised_on + promises.grace_days::integer as waits_until
    from store.promises as promises
    where promises.state <> 'withdrawn'
    qualify row_number() over (
        partition by promises.client_id, promises.currency
        order by promises.made_at desc, promises.promise_id asc
    ) = 1

),

paused as (

    select
        client_holds.client_id,
        max(client_holds.until) as until
    from store.client_holds as client_holds
    where
        client_holds.kind = 'pause'
        and client_holds.ended_at is null
        and client_holds.until >= $today
    group by client_holds.client_id

),

written as (

    select
        statements.client_id,
        max(statements.sent_on) as last_statement_on,
        arg_max(letters.state, statements.sent_on) in ('bounced', 'failed') as has_bounced
    from store.statements as statements
    left join store.letters as letters
        on statements.letter_id = letters.letter_id
    where statements.state = 'sent'
    group by statements.client_id

),

told as (

    select
        overdue.*,
        client_list.client_number,
        client_list.client_name,
        client_list.search_text,
        client_list.name_rank,
        client_list.client_group,
        client_list.office,
        client_list.partner_id,
        client_list.manager_id,
        client_list.outstanding_cents,
        client_list.last_payment_date,
        client_list.billing_contact,
        client_list.billing_email,
        $today - client_list.last_payment_date as quiet_days,
        promised.state as promise_state,
        promised.amount_cents as promised_cents,
        promised.promised_on,
        paused.until as paused_until,
        written.last_statement_on,
        written.has_bounced,
        marks.assignee,
        marks.assignee_name,
        marks.next_action,
        marks.next_action_on,
        greatest(marks.last_contact_on, written.last_statement_on) as last_contact_on,
        case
            when marks.done_on = $today then 'done'
            when
                paused.until is not null
                or marks.next_action_on > $today
                or (promised.state = 'open' and promised.waits_until >= $today)
                then 'later'
            else 'now'
        end as place
    from overdue
    inner join shown.client_list
        on overdue.client_id = client_list.client_id and overdue.currency = client_list.currency
    left join promised
        on overdue.client_id = promised.client_id and overdue.currency = promised.currency
    left join paused
        on overdue.client_id = paused.client_id
    left join written
        on overdue.client_id = written.client_id
    left join store.worklist_marks as marks
        on overdue.client_id = marks.client_id

),

scored as (

    select
        told.*,
        least(
            100,
            greatest(
                0,
                round(
                    least(
                        55,
                        55 / 3
                        * log10(greatest((told.overdue_cents - told.disputed_cents) / 10000, 1))
                    )
                    + least(20, told.oldest_days / 6)
                    + 10 * told.overdue_cents / greatest(told.outstanding_cents, 1)
                    + coalesce(least(10, greatest(told.quiet_days, 0) / 12), 10)
                    + case when coalesce(told.billing_email, '') = '' then 5 else 0 end
                    - case when told.quiet_days between 0 and 14 then 15 else 0 end
                )
            )
        )::bigint as score,
        case told.currency
            when 'USD' then '$'
            when 'EUR' then '€'
            when 'GBP' then '£'
            else concat(told.currency, ' ')
        end as symbol
    from told

),

ranked as (

    select
        scored.*,
        concat(scored.client_id, '-', scored.currency) as row_id,
        row_number() over by_order as rank,
        lag(concat(scored.client_id, '-', scored.currency)) over by_order as row_before
    from scored
    window by_order as (
        order by
            case scored.place
                when 'done' then 4
                when 'later' then 3
                else
                    case
                        when scored.promise_state = 'broken' then 0
                        when scored.next_action_on <= $today then 1
                        else 2
                    end
            end asc,
            scored.score desc,
            scored.overdue_cents desc,
            scored.name_rank asc,
            scored.currency asc
    )

)

select
    ranked.client_id::varchar as client_id,
    ranked.currency,
    ranked.row_id,
    ranked.rank,
    ranked.client_number,
    ranked.client_name,
    ranked.search_text,
    ranked.name_rank,
    ranked.client_group,
    ranked.office,
    ranked.partner_id,
    ranked.manager_id,
    partner.full_name as partner,
    manager.full_name as manager,
    ranked.score,
    ranked.overdue_cents,
    ranked.disputed_cents,
    ranked.overdue_invoices,
    ranked.oldest_days,
    ranked.outstanding_cents,
    ranked.last_payment_date,
    ranked.billing_contact,
    ranked.billing_email,
    ranked.place,
    ranked.promise_state,
    ranked.promised_cents,
    ranked.promised_on,
    ranked.paused_until,
    ranked.assignee,
    ranked.assignee_name,
    ranked.next_action,
    ranked.next_action_on,
    ranked.last_contact_on,
    concat_ws(
        ' · ',
        case
            when ranked.promise_state = 'broken'
                then concat(
                    'promise of ',
                    ranked.symbol,
                    format('{:,}', (ranked.promised_cents + 50) // 100),
                    ' broken on ',
                    strftime(ranked.promised_on, '%b %-d')
                )
            when ranked.promise_state = 'open'
                then concat(
                    ranked.symbol,
                    format('{:,}', (ranked.promised_cents + 50) // 100),
                    ' promised by ',
                    strftime(ranked.promised_on, '%b %-d')
                )
        end,
        case
            when ranked.paused_until is not null
                then concat('paused until ', strftime(ranked.paused_until, '%b %-d'))
        end,
        case
            when ranked.next_action_on is not null
                then concat(
                    coalesce(nullif(ranked.next_action, ''), 'next action'),
                    ' ',
                    case
                        when ranked.next_action_on = $today then 'today'
                        else strftime(ranked.next_action_on, '%b %-d')
                    end
                )
        end,
        concat(ranked.symbol, format('{:,}', (ranked.overdue_cents + 50) // 100), ' overdue'),
        concat(
            'oldest ',
            format('{:,}', ranked.oldest_days),
            case when ranked.oldest_days = 1 then ' day' else ' days' end
        ),
        case
            when ranked.disputed_cents > 0
                then concat(
                    ranked.symbol, format('{:,}', (ranked.disputed_cents + 50) // 100), ' disputed'
                )
        end,
        case
            when ranked.quiet_days is null then 'never paid'
            when ranked.quiet_days < 0 then 'payment dated ahead'
            when ranked.quiet_days = 0 then 'paid today'
            when ranked.quiet_days = 1 then 'paid yesterday'
            when ranked.quiet_days <= 14 then concat('paid ', ranked.quiet_days, ' days ago')
            when ranked.quiet_days >= 30
                then concat('no payment for ', ranked.quiet_days, ' days')
        end,
        case when coalesce(ranked.billing_email, '') = '' then 'nobody to write to' end,
        case when ranked.has_bounced then 'last statement came back' end
    ) as reasons
from ranked
left join staff as partner
    on ranked.partner_id = partner.staff_id
left join staff as manager
    on ranked.manager_id = manager.staff_id
where
    $most is null
    or ranked.rank <= $most
    or ranked.row_id = $row_id
    or ranked.row_before = $row_id
order by ranked.rank asc
