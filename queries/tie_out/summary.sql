-- What:    How many clients were compared, how many differ and by how much.
-- Grain:   one row.
-- Units:   difference_cents is the sum of absolute differences in whole cents.
-- Source:  portal_net, control (temporary tables of one tie-out), left_out_clients, data_version
with

compared as (

    select
        coalesce(portal_net.client_id::varchar, control.client_id) as client_id,
        coalesce(portal_net.net_cents, 0) - coalesce(control.net_cents, 0) as difference_cents
    from portal_net
    full outer join control
        on
            portal_net.client_id::varchar = control.client_id
            and portal_net.currency = control.currency

),

judged as (

    select
        compared.client_id,
        compared.difference_cents,
        compared.client_id
        not in (select left_out_clients.client_id from left_out_clients) as is_shown
    from compared

)

select
    (select data_version.version from data_version) as version,
    count(distinct judged.client_id) filter (where judged.is_shown) as clients,
    coalesce(sum(abs(judged.difference_cents)) filter (where judged.is_shown), 0)::bigint
        as difference_cents,
    count(distinct judged.client_id)
        filter (where judged.is_shown and judged.difference_cents <> 0) as clients_that_differ,
    count(distinct judged.client_id) filter (where not judged.is_shown) as left_out_clients
from judged
order by version
