-- What:    Clients whose net balance in the portal is not the one in the source, largest first.
-- Grain:   one row per client and currency that differs.
-- Units:   *_cents whole cents.
-- Source:  portal_net, control (temporary tables of one tie-out), left_out_clients
select
    coalesce(portal_net.client_id::varchar, control.client_id) as client_id,
    coalesce(portal_net.client_name, '') as client_name,
    coalesce(portal_net.currency, control.currency) as currency,
    coalesce(portal_net.net_cents, 0) as portal_cents,
    coalesce(control.net_cents, 0) as source_cents,
    case
        when control.client_id is null then 'The control query does not know this client.'
        when portal_net.client_id is null
            then 'The source has entries of this client, but no such client.'
        else 'The entries of this client do not add up to the same balance.'
    end as reason
from portal_net
full outer join control
    on portal_net.client_id::varchar = control.client_id and portal_net.currency = control.currency
where
    coalesce(portal_net.net_cents, 0) <> coalesce(control.net_cents, 0)
    and coalesce(portal_net.client_id::varchar, control.client_id)
    not in (select left_out_clients.client_id from left_out_clients)
order by
    abs(coalesce(portal_net.net_cents, 0) - coalesce(control.net_cents, 0)) desc,
    client_id asc,
    currency asc
