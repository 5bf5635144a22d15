-- What:    The lowest and the highest key of the clients.
-- Grain:   one row; two look-ups, since SQLite scans the table to find both ends at once.
select
    (select min(client_KEY) from Client) as lowest,
    (select max(client_KEY) from Client) as highest
