-- What:    The place of each client in the order of names and in the order of numbers.
-- Grain:   one row per client.
-- Units:   ranks are 2^20 apart, so that a renamed client finds a place between two others; case and
--          accents do not matter, ties go by client_id, clients without a name stand last.
-- Source:  clients
with

folded as (

    select
        clients.client_id,
        lower(strip_accents(clients.client_name)) as name_key,
        lower(strip_accents(clients.client_number)) as number_key
    from clients

)

select
    folded.client_id,
    folded.name_key,
    folded.number_key,
    row_number() over (order by folded.name_key asc nulls last, folded.client_id asc)::bigint
    * 1048576 as name_rank,
    row_number() over (order by folded.number_key asc nulls last, folded.client_id asc)::bigint
    * 1048576 as number_rank
from folded
order by folded.client_id asc
