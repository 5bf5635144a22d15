-- What:    The work the sample firm bills: how often, in which season, how much.
-- Grain:   one row per profile of client and service.
-- Units:   share_from: the part of the profile's invoices that begins here, 0 to 1; median, lowest
--          and highest amount in whole cents; step_cents is what an amount is rounded to.
-- Source:  invented; year_shift: the year in the engagement's name less the invoice's year
create table service as
with

prices as (

    select *
    from (
        values
        ('1040', 'Form 1040', 'tax', -1, 85000, 0.45, 40000, 300000, 500),
        ('1041', 'Form 1041', 'tax', -1, 95000, 0.4, 40000, 300000, 500),
        ('1065', 'Form 1065', 'tax', -1, 175000, 0.4, 60000, 300000, 500),
        ('1120-S', 'Form 1120-S', 'tax', -1, 185000, 0.4, 70000, 300000, 500),
        ('990', 'Form 990', 'tax', -1, 165000, 0.4, 60000, 300000, 500),
        ('audit', 'Audit', 'audit', -1, 2600000, 0.55, 1000000, 12000000, 5000),
        ('review', 'Review', 'audit', -1, 520000, 0.4, 220000, 1500000, 2500),
        ('books', 'Bookkeeping', 'flat', 0, 62000, 0.55, 20000, 450000, 500),
        ('payroll', 'Payroll', 'flat', 0, 19000, 0.5, 6000, 140000, 25),
        ('planning', 'Tax planning', 'flat', 0, 60000, 0.5, 15000, 400000, 1),
        ('notice', 'Notice response', 'flat', 0, 28000, 0.4, 9000, 120000, 1),
        ('advice', 'Advisory', 'flat', 0, 88000, 0.8, 8500, 2500000, 1)
    ) as prices (
        service, engagement, season, year_shift, median_cents, spread, lowest_cents,
        highest_cents, step_cents
    )

),

mixes as (

    select *
    from (
        values
        ('individual', '1040', 0.0),
        ('individual', 'planning', 0.7),
        ('individual', 'notice', 0.84),
        ('individual', 'advice', 0.9),
        ('trust', '1041', 0.0),
        ('trust', 'advice', 0.85),
        ('business', '1065', 0.0),
        ('business', '1120-S', 0.24),
        ('business', 'advice', 0.45),
        ('business', 'planning', 0.7),
        ('business', 'payroll', 0.78),
        ('business', 'review', 0.92),
        ('audit', 'audit', 0.0),
        ('audit', '1120-S', 0.5),
        ('audit', 'advice', 0.7),
        ('nonprofit', '990', 0.0),
        ('nonprofit', 'review', 0.5),
        ('nonprofit', 'advice', 0.7),
        ('monthly', '1120-S', 0.0),
        ('monthly', 'planning', 0.4),
        ('monthly', 'advice', 0.55),
        ('regular', 'books', 0.0),
        ('second regular', 'payroll', 0.0)
    ) as mixes (profile, service, share_from)

)

select
    mixes.profile,
    mixes.share_from,
    prices.service,
    prices.engagement,
    prices.season,
    prices.year_shift,
    prices.median_cents,
    prices.spread,
    prices.lowest_cents,
    prices.highest_cents,
    prices.step_cents
from mixes
inner join prices
    on mixes.service = prices.service
