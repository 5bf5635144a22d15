-- What:    The next free key of the clients.
select coalesce(max(client_KEY), 0) + 1 as next_key from Client
