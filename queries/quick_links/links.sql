-- What:    The firm's quick payment links and their state on the firm's day.
-- Grain:   one row per link.
-- Params:  $today DATE  the firm's day
-- Units:   amount_cents whole cents; null where the payer says how much. Dates are the firm's;
--          a link is good until the end of its last one.
-- Source:  store.quick_links, store.firm_zone
with

links as (

    select
        quick_links.*,
        timezone(firm_zone.timezone, timezone('UTC', quick_links.created_at))::date
            as created_date,
        timezone(firm_zone.timezone, timezone('UTC', quick_links.expires_at))::date
            as ended_date
    from store.quick_links
    cross join store.firm_zone

)

select
    links.link_id,
    links.label,
    case
        when links.revoked_at is not null then 'Revoked'
        when links.ended_date <= $today then 'Expired'
        when links.uses >= links.most_uses then 'Used up'
        else 'Open'
    end as state,
    links.amount_cents,
    links.description,
    links.uses,
    links.most_uses,
    links.created_date,
    (links.ended_date - 1)::date as expires_date,
    regexp_replace(links.created_by, '^(local|oidc):', '') as created_by,
    links.currency
from links
order by
    links.created_at desc,
    links.link_id asc
