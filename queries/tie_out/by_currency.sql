-- What:    Net balances of the portal, of the source, and of the clients left out, per currency.
-- Grain:   one row per currency.
-- Units:   *_cents whole cents.
-- Source:  portal_net, control (temporary tables of one tie-out), left_out_clients
with

sides as (

    select
        portal_net.currency,
        portal_net.net_cents as portal_cents,
        0 as source_cents,
        0 as left_out_cents
    from portal_net
    union all
    select
        control.currency,
        0 as portal_cents,
        control.net_cents as source_cents,
        case
            when control.client_id in (select left_out_clients.client_id from left_out_clients)
                then control.net_cents
            else 0
        end as left_out_cents
    from control

)

select
    sides.currency,
    sum(sides.portal_cents)::bigint as portal_cents,
    sum(sides.source_cents)::bigint as source_cents,
    sum(sides.left_out_cents)::bigint as left_out_cents
from sides
group by sides.currency
order by sides.currency asc
