-- What:    The client at or after a key.
-- Grain:   one row, or none.
-- Params:  :client INTEGER
-- Source:  Client
select
    client_KEY,
    description,
    client_status_KEY
from Client
where client_KEY >= :client
order by client_KEY
limit 1
