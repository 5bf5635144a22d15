-- What:    How each invoice of the sample firm is settled: paid at once or in parts, credited,
--          waived, written off, or not at all.
-- Grain:   one row per invoice and part that has happened by the firm's day.
-- Units:   part_cents in whole cents, above zero; the parts of an invoice never exceed its amount.
-- Source:  draft_invoice. means: pay, credit, waive, write_off, small_write_off.
create table draft_part as
with

settled as (

    select
        *,
        chance('unpaid', draw) as unpaid_chance,
        chance('credit', draw) as credit_chance,
        chance('parts', draw) as parts_chance,
        chance('late', draw) as late_chance,
        getvariable('today') - entry_date as age_days
    from draft_invoice
    where
        not is_ahead
        and not is_unposted
        and (not is_void or keeps_payment_though_void)

),

judged as (

    select
        *,
        case
            when keeps_payment_though_void then false
            else unpaid_chance < case behaviour
                when 'prompt' then 0.008
                when 'average' then 0.022
                when 'slow' then 0.055
                when 'very slow' then 0.15
                else 0.1
            end
        end as is_unpaid,
        case
            when keeps_payment_though_void then 5
            when behaviour = 'prompt' then 3 + (late_chance * (terms_days - 2))::integer
            when behaviour = 'average' then terms_days - 6 + (late_chance * 45)::integer
            when behaviour = 'slow' then terms_days + 20 + (late_chance * 90)::integer
            when behaviour = 'very slow' then terms_days + 50 + (late_chance * 160)::integer
            when parts_chance < 0.5 then 2 + (late_chance * 20)::integer
            else 20 + (late_chance * late_chance * 220)::integer
        end as pay_days,
        case
            when credit_chance < 0.003 then amount_cents
            when credit_chance < 0.016
                then greatest(
                    100, (amount_cents * (0.05 + 0.2 * chance('credit part', draw)))::bigint
                )
            else 0
        end::bigint as credit_cents,
        entry_type = 2 and chance('waive', draw) < 0.2 as is_waived
    from settled

),

planned as (

    select
        *,
        amount_cents - credit_cents as due_cents,
        case
            when chance('short', draw) < 0.004 and amount_cents - credit_cents > 20000
                then 50 + dice('short by', draw, 950)
            else 0
        end::bigint as short_cents,
        case
            when parts_chance < 0.006 then 3
            when parts_chance < 0.045 then 2
            else 1
        end as parts,
        0.3 + 0.4 * chance('first part', draw) as first_share,
        case
            when pays_at_month_end then last_day((entry_date + pay_days)::date)
            else next_working_day((entry_date + pay_days)::date)
        end as pay_date
    from judged

),

shared as (

    select
        *,
        due_cents - short_cents as pay_cents,
        case
            when parts = 1 then due_cents - short_cents
            when parts = 2 then ((due_cents - short_cents) * first_share)::bigint
            else (due_cents - short_cents) // 3
        end as first_cents
    from planned

),

parts as (

    select invoice_n, 'pay' as means, 1 as part, pay_date as part_date, first_cents as part_cents
    from shared
    where not is_unpaid and not is_waived
    union all by name
    select
        invoice_n,
        'pay' as means,
        2 as part,
        next_working_day((pay_date + 28)::date) as part_date,
        case when parts = 2 then pay_cents - first_cents else first_cents end as part_cents
    from shared
    where parts >= 2 and not is_unpaid and not is_waived
    union all by name
    select
        invoice_n,
        'pay' as means,
        3 as part,
        next_working_day((pay_date + 59)::date) as part_date,
        pay_cents - 2 * first_cents as part_cents
    from shared
    where parts = 3 and not is_unpaid and not is_waived
    union all by name
    select
        invoice_n,
        'small_write_off' as means,
        1 as part,
        next_working_day((pay_date + 62)::date) as part_date,
        short_cents as part_cents
    from shared
    where short_cents > 0 and parts = 1 and not is_unpaid and not is_waived
    union all by name
    select
        invoice_n,
        'credit' as means,
        1 as part,
        next_working_day((entry_date + 4 + dice('credit day', draw, 30))::date) as part_date,
        credit_cents as part_cents
    from shared
    where credit_cents > 0
    union all by name
    select
        invoice_n,
        'waive' as means,
        1 as part,
        next_working_day((entry_date + 30 + dice('waive day', draw, 40))::date) as part_date,
        due_cents as part_cents
    from shared
    where is_waived
    union all by name
    select
        invoice_n,
        'write_off' as means,
        1 as part,
        next_working_day((entry_date + 240 + dice('write-off day', draw, 300))::date)
            as part_date,
        due_cents as part_cents
    from shared
    where is_unpaid and not is_waived and chance('write-off', draw) < 0.85

)

select
    invoice_n,
    means,
    part,
    part_date::date as part_date,
    part_cents::bigint as part_cents
from parts
where
    part_date <= getvariable('today')
    and part_cents > 0
