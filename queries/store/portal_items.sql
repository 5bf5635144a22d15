-- What:    Each part of a portal payment, and of a refund, as a line that a bookkeeper posts.
-- Grain:   one row per payment item and per line of a refund that was asked of the gateway.
-- Units:   day is the firm's; *_cents whole cents, positive reduces what is owed; the fee stands on
--          the first line of its payment or refund.
-- Source:  store.payment_items, store.refund_items, store.payments, store.refunds, store.firm_zone;
--          of these the payments of touched_payments, a table of the renewal that made them new
with

lines as (

    select
        payment_items.item_id,
        payment_items.payment_id,
        null::varchar as refund_id,
        'payment' as entry_kind,
        payment_items.invoice_id,
        payment_items.invoice_number,
        payment_items.cents as amount_cents,
        case
            when
                row_number() over (
                    partition by payment_items.payment_id order by payment_items.item_no
                ) = 1
                then payments.fee_cents
            else 0
        end as fee_cents,
        payments.state,
        payments.taken_by,
        coalesce(payments.captured_at, payments.created_at) as happened_at
    from store.payment_items
    inner join store.payments
        on payment_items.payment_id = payments.payment_id
    union all
    select
        refund_items.line_id as item_id,
        refunds.payment_id,
        refunds.refund_id,
        'refund' as entry_kind,
        payment_items.invoice_id,
        payment_items.invoice_number,
        -refund_items.cents as amount_cents,
        case
            when
                row_number() over (
                    partition by refunds.refund_id order by refund_items.line_id
                ) = 1
                then -refunds.fee_cents
            else 0
        end as fee_cents,
        case when refunds.state = 'succeeded' then 'succeeded' else 'pending' end as state,
        refunds.requested_by as taken_by,
        refunds.created_at as happened_at
    from store.refund_items
    inner join store.refunds
        on refund_items.refund_id = refunds.refund_id
    inner join store.payment_items
        on refund_items.item_id = payment_items.item_id
    where refunds.state in ('pending', 'unknown', 'succeeded')

)

select
    lines.item_id,
    lines.payment_id,
    lines.refund_id,
    payments.client_id,
    lines.entry_kind,
    lines.invoice_id,
    lines.invoice_number,
    timezone(firm_zone.timezone, timezone('UTC', lines.happened_at))::date as day,
    payments.currency,
    lines.amount_cents::bigint as amount_cents,
    lines.fee_cents::bigint as fee_cents,
    lines.state,
    case lines.state
        when 'requires_action' then 'Waiting for payer'
        when 'unknown' then 'Being checked'
        when 'processing' then 'Processing'
        when 'succeeded' then 'Pending'
        when 'part_refunded' then 'Pending'
        when 'refunded' then 'Refunded'
        when 'declined' then 'Declined'
        when 'voided' then 'Voided'
        when 'returned' then 'Returned'
        when 'disputed' then 'Disputed'
        else 'Started'
    end as status,
    lines.state in ('declined', 'voided', 'returned', 'disputed') as has_failed,
    case payments.kind
        when 'credit' then 'card'
        when 'debit' then 'card'
        when 'ach' then 'ach'
    end as method,
    nullif(
        concat_ws(
            ' ', nullif(payments.brand, ''), '···' || nullif(payments.last4, '')
        ),
        ''
    ) as card,
    coalesce(nullif(payments.payer_name, ''), payments.payer_email) as payer,
    lines.taken_by,
    case payments.source
        when 'portal' then 'Portal'
        when 'staff' then 'Staff'
        when 'recurring' then 'Recurring'
        when 'autopay' then 'AutoPay'
        when 'installment' then 'Installment'
        when 'quick_link' then 'Quick link'
    end as source
from lines
inner join store.payments
    on lines.payment_id = payments.payment_id
cross join store.firm_zone
semi join touched_payments
    on lines.payment_id = touched_payments.payment_id
order by lines.item_id asc
