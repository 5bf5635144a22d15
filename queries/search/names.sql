-- What:    What the ids that narrow a list are called.
-- Grain:   one row; null for an id that is not given or that nobody has.
-- Params:  $client_id KEY   a client
--          $partner_id KEY  a partner
--          $manager_id KEY  a manager
-- Source:  clients, staff
select
    (
        select clients.client_name
        from clients
        where clients.client_id = $client_id
    ) as client,
    (
        select staff.full_name
        from staff
        where staff.staff_id = $partner_id
    ) as partner,
    (
        select staff.full_name
        from staff
        where staff.staff_id = $manager_id
    ) as manager
order by client asc
