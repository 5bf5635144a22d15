-- What:    What each client owes net of unapplied money, over all dates.
-- Grain:   one row per client and currency.
-- Units:   *_cents whole cents.
-- Source:  client_list
-- Ties to: the mapping's control.sql
select
    client_list.client_id,
    client_list.client_number,
    client_list.client_name,
    client_list.currency,
    client_list.outstanding_cents,
    client_list.unapplied_cents,
    (client_list.outstanding_cents - client_list.unapplied_cents)::bigint as net_cents
from client_list
order by
    client_list.client_id asc,
    client_list.currency asc
