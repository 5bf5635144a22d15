-- What:    What the sample firm received, credited and wrote off; a client's payments of one day
--          are one receipt.
-- Grain:   one row per entry of the ledger that is not an invoice; receipt_n numbers them.
-- Units:   amount_cents in whole cents, above zero, extra_cents (unapplied) included.
-- Source:  draft_part, draft_invoice, draft_client. origin: paid, repaid (after a failure),
--          returned, credit, waive, write_off, small_write_off, on_account (applied to nothing).
create table draft_receipt as
with

paid as (

    select
        draft_invoice.client_n,
        draft_part.part_date as entry_date,
        draft_invoice.client_n * 65536 + (draft_part.part_date - date '2000-01-01') as draw,
        any_value(draft_invoice.method_type) as usual_type,
        sum(draft_part.part_cents)::bigint as applied_cents,
        bool_or(draft_invoice.is_void) as pays_a_void
    from draft_part
    inner join draft_invoice
        on draft_part.invoice_n = draft_invoice.invoice_n
    where draft_part.means = 'pay'
    group by
        draft_invoice.client_n,
        draft_part.part_date

),

received as (

    select
        *,
        case
            when chance('other method', draw) < 0.12
                then [4, 11, 9, 4][1 + dice('which method', draw, 4)]
            when usual_type = 8 and applied_cents > 200000 then 4
            else usual_type
        end as entry_type
    from paid

),

judged as (

    select
        *,
        entry_date <= getvariable('today') - 8
        and not pays_a_void
        and chance('failure', draw) < case entry_type
            when 4 then 0.006 when 9 then 0.004 else 0.0006
        end as has_failed
    from received

),

payments as (

    select
        'paid' as origin,
        draw,
        client_n,
        entry_type,
        entry_date,
        applied_cents,
        case
            when has_failed then 0
            when chance('extra', draw) < 0.006 then 100 * (5 + dice('extra', draw, 400))
            else 0
        end::bigint as extra_cents,
        has_failed,
        not has_failed
        and entry_date > getvariable('today') - 5
        and chance('receipt unposted', draw) < 0.25 as is_unposted
    from judged

),

repayments as (

    select
        'repaid' as origin,
        draw,
        client_n,
        4 as entry_type,
        next_working_day((entry_date + 12 + dice('repaid', draw, 30))::date) as entry_date,
        applied_cents,
        0::bigint as extra_cents,
        false as has_failed,
        false as is_unposted
    from judged
    where
        has_failed
        and chance('repaid', draw) < 0.7

),

returns as (

    select
        'returned' as origin,
        draw,
        client_n,
        case entry_type when 4 then 6 else 10 end as entry_type,
        next_working_day((entry_date + 3 + dice('returned', draw, 3))::date) as entry_date,
        applied_cents,
        0::bigint as extra_cents,
        false as has_failed,
        false as is_unposted
    from judged
    where
        has_failed
        and entry_type in (4, 9)

),

corrections as (

    select
        draft_part.means as origin,
        draft_part.invoice_n as draw,
        draft_invoice.client_n,
        case draft_part.means
            when 'credit' then 5
            when 'waive' then 13
            when 'write_off' then 7
            else 12
        end as entry_type,
        draft_part.part_date as entry_date,
        draft_part.part_cents as applied_cents,
        0::bigint as extra_cents,
        false as has_failed,
        false as is_unposted
    from draft_part
    inner join draft_invoice
        on draft_part.invoice_n = draft_invoice.invoice_n
    where draft_part.means <> 'pay'

),

on_account as (

    select
        'on_account' as origin,
        client_n as draw,
        client_n,
        case when chance('on account', client_n) < 0.018 then method_type else 5 end as entry_type,
        working_day((getvariable('today') - dice('on account', client_n, 240))::date)
            as entry_date,
        0::bigint as applied_cents,
        (100 * (50 + dice('retainer', client_n, 2500)))::bigint as extra_cents,
        false as has_failed,
        false as is_unposted
    from draft_client
    where
        weight > 0
        and chance('on account', client_n) < 0.024

),

together as (

    select * from payments
    union all by name
    select * from repayments where entry_date <= getvariable('today')
    union all by name
    select * from returns
    union all by name
    select * from corrections
    union all by name
    select * from on_account

)

select
    row_number() over (order by entry_date, origin, draw) as receipt_n,
    origin,
    draw,
    client_n,
    entry_type,
    entry_date::date as entry_date,
    (applied_cents + extra_cents)::bigint as amount_cents,
    extra_cents,
    has_failed,
    has_failed and entry_type not in (4, 9) as is_void,
    is_unposted
from together
