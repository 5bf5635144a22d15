-- What:    When the sample firm bills: peaks in January to April and in September and October, and
--          a little more every year.
-- Grain:   one row per season and month of the last five years.
-- Units:   share_from: the part of the season's invoices dated before this month, 0 to 1.
-- Source:  setting
create table billing_month as
with

seasons as (

    select *
    from (
        values
        ('tax', [1.5, 2.6, 4.4, 4.0, 0.6, 0.5, 0.4, 0.6, 2.0, 2.1, 0.4, 0.3]),
        ('audit', [0.7, 1.0, 1.6, 1.8, 1.2, 1.0, 0.5, 0.6, 1.5, 1.6, 0.8, 0.6]),
        ('flat', [1.3, 1.3, 1.4, 1.2, 0.9, 0.9, 0.8, 0.8, 1.1, 1.2, 0.9, 0.9])
    ) as seasons (season, weights)

),

months as (

    select
        seasons.season,
        (
            date_trunc('month', getvariable('today')::date)
            - to_months(months_back::integer)
        )::date as month,
        seasons.weights,
        months_back
    from seasons
    cross join range(0, 60) as back (months_back)

),

weighed as (

    select
        season,
        month,
        case
            when months_back = 0 then day(getvariable('today'))
            else day(last_day(month))
        end as days,
        weights[month(month)] * pow(1.09, -months_back / 12.0)
        * case
            when months_back = 0 then day(getvariable('today')) / day(last_day(month)) else 1
        end as weight
    from months

)

select
    season,
    month,
    days::integer as days,
    (sum(weight) over (partition by season order by month) - weight)
    / sum(weight) over (partition by season) as share_from
from weighed
order by
    season,
    month
