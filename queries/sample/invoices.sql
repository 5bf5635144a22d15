-- What:    What the sample firm billed, with what is odd about each invoice.
-- Grain:   one row per invoice, service charge and debit memo; exactly as many as were asked for.
-- Units:   amount_cents in whole cents; invoice_n numbers the rows by date.
-- Source:  draft_client, service, billing_month
create table draft_invoice as
with

reserved as (

    select
        least(320, getvariable('invoices') // 5) as busy,
        3 as prospect

),

shares as (

    select
        draft_client.client_n,
        sum(draft_client.weight) over (order by draft_client.client_n) as weight_to,
        sum(draft_client.weight) over () as weight_all,
        draft_client.weight,
        getvariable('invoices') - reserved.busy as invoices,
        case when draft_client.situation = 'busy' then reserved.busy else 0 end as extra
    from draft_client
    cross join reserved

),

counted as (

    select
        client_n,
        extra
        + (weight_to * invoices) // weight_all
        - ((weight_to - weight) * invoices) // weight_all as invoices
    from shares

),

opened as (

    select
        draft_client.client_n,
        draft_client.client_key,
        draft_client.profile,
        draft_client.behaviour,
        draft_client.terms_days,
        draft_client.client_status,
        draft_client.pays_at_month_end,
        draft_client.method_type,
        counted.invoices::integer as invoices,
        unnest(range(counted.invoices::integer)) as k
    from counted
    inner join draft_client
        on counted.client_n = draft_client.client_n

),

numbered as (

    select
        *,
        client_n * 16384 + k as draw,
        profile = 'monthly' and k % 6 <> 5 as is_regular,
        (k - k // 6)::integer as turn
    from opened

),

placed as (

    select
        *,
        case
            when is_regular and turn < 60 then 'regular'
            when is_regular then 'second regular'
            else profile
        end as mix,
        (k + chance('moment', draw)) / invoices as moment
    from numbered

),

served as (

    select
        placed.*,
        service.service,
        service.season,
        service.year_shift,
        service.engagement,
        service.median_cents,
        service.spread,
        service.lowest_cents,
        service.highest_cents,
        service.step_cents
    from placed
    asof join service
        on
            placed.mix = service.profile
            and placed.moment >= 0
            and chance('service', placed.draw) >= service.share_from

),

seasoned as (

    select
        served.*,
        case
            when served.is_regular
                then (
                    date_trunc('month', getvariable('today')::date)
                    - to_months(served.turn % 60)
                )::date + case when served.turn < 60 then 0 else 14 end
            else billing_month.month + dice('day', served.draw, billing_month.days)
        end as billed
    from served
    asof join billing_month
        on
            served.season = billing_month.season
            and served.moment >= billing_month.share_from

),

dated as (

    select
        *,
        case
            when client_status = 'Lost'
                then working_day((
                    getvariable('today') - 400
                    - (0.7 * (getvariable('today') - billed))::integer
                )::date)
            -- a handful stand before all others in every list: more would hide the day's work
            when chance('ahead', draw) < least(0.0008, 6.0 / getvariable('invoices'))
                then getvariable('today') + 1 + dice('days ahead', draw, 4)
            when chance('unposted', draw) < 0.0008
                then getvariable('today') - dice('days unposted', draw, 6)
            when is_regular then least(next_working_day(billed), getvariable('today'))
            else working_day(least(billed, getvariable('today')))
        end as entry_date,
        chance('kind of entry', draw) as kind_chance,
        chance('void', draw) as void_chance
    from seasoned

),

priced as (

    select
        *,
        case
            when kind_chance < 0.012 then 2
            when kind_chance < 0.015 then 3
            else 1
        end as entry_type,
        case
            when is_regular
                then median_cents * exp(spread * normal('fee', client_n))
                    * pow(1.04, year(entry_date) - year(getvariable('today')::date))
            else median_cents * exp(0.6 * spread * normal('fee', client_n))
                * exp(0.8 * spread * normal('amount', draw))
        end as fee_cents
    from dated

)

select
    row_number() over (order by entry_date, client_n, k) as invoice_n,
    client_n,
    client_key,
    draw,
    behaviour,
    terms_days,
    pays_at_month_end,
    method_type,
    service,
    entry_type,
    entry_date,
    case
        when chance('no due date', draw) < 0.004 then null
        else entry_date + terms_days
    end as due_date,
    case entry_type
        when 2 then 500 + dice('charge', draw, 14500)
        when 3 then 2500 + dice('memo', draw, 40000)
        else greatest(
            lowest_cents,
            least(highest_cents, (round(fee_cents / step_cents) * step_cents)::bigint)
        )
    end::bigint as amount_cents,
    case
        when entry_type <> 1 then null
        when engagement in ('Bookkeeping', 'Payroll', 'Advisory', 'Tax planning', 'Notice response')
            then engagement || ' ' || year(entry_date)::varchar
        when engagement in ('Audit', 'Review')
            then engagement || ' FY' || (year(entry_date) + year_shift)::varchar
        else (year(entry_date) + year_shift)::varchar || ' ' || engagement
    end as engagement_name,
    year(entry_date) as billed_year,
    entry_date > getvariable('today') as is_ahead,
    chance('ahead', draw) >= 0.0008 and chance('unposted', draw) < 0.0008
    and entry_date > getvariable('today') - 7 as is_unposted,
    void_chance < 0.005 and entry_date < getvariable('today') - 3 as is_void,
    void_chance < 0.0005 as keeps_payment_though_void
from priced
