-- What:    The firm's quick payment links and their state on the firm's day.
-- Grain:   one row per link.
-- Params:  $today DATE  the firm's day
-- Units:   amount_cents whole cents; null where the payer says how much.
-- Source:  store.quick_links
select
    quick_links.link_id,
    quick_links.label,
    case
        when quick_links.revoked_at is not null then 'Revoked'
        when quick_links.expires_at::date <= $today then 'Expired'
        when quick_links.uses >= quick_links.most_uses then 'Used up'
        else 'Open'
    end as state,
    quick_links.amount_cents,
    quick_links.description,
    quick_links.uses,
    quick_links.most_uses,
    quick_links.created_at::date as created_date,
    (quick_links.expires_at::date - 1)::date as expires_date,
    regexp_replace(quick_links.created_by, '^(local|oidc):', '') as created_by,
    quick_links.currency
from store.quick_links
order by
    quick_links.created_at desc,
    quick_links.link_id asc
