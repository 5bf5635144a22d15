-- What:    Clients of the source that the firm's rule leaves out. A client that is neither here nor
--          among clients is unknown to the source: an entry of it is an orphan.
-- Grain:   one row per client left out.
-- Source:  the mapping's clients.sql and firm.toml [mapping] excluded_statuses
create or replace table left_out_clients (
    client_id varchar
)
