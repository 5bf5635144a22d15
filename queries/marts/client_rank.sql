-- What:    The place of each client in the order of names and in the order of numbers.
-- Grain:   one row per client.
-- Units:   ranks count from 1; case and accents do not matter, ties go by client_id.
-- Source:  clients
select
    clients.client_id,
    row_number() over (
        order by lower(strip_accents(clients.client_name)), clients.client_id
    )::integer as name_rank,
    row_number() over (
        order by lower(strip_accents(clients.client_number)), clients.client_id
    )::integer as number_rank
from clients
order by clients.client_id asc
