-- What:    The people at a client and what they receive.
-- Grain:   one row per contact; none for a client that is not in the person's scope.
-- Params:  $sees_all BOOLEAN  true for somebody with all clients
--          $staff_id KEY      else only clients where this person is partner or manager
--          $client_id KEY     the client
-- Source:  contacts, clients
select
    contacts.contact_id::varchar as contact_id,
    contacts.full_name,
    contacts.email,
    contacts.phone,
    concat_ws(
        ', ',
        case when contacts.is_primary then 'Primary' end,
        case when contacts.is_billing then 'Billing' end
    ) as roles,
    concat_ws(
        ', ',
        case when contacts.receives_invoices then 'invoices' end,
        case when contacts.receives_statements then 'statements' end
    ) as receives
from contacts
inner join clients
    on contacts.client_id = clients.client_id
where
    contacts.client_id = $client_id
    and ($sees_all or clients.partner_id = $staff_id or clients.manager_id = $staff_id)
order by
    contacts.is_primary desc nulls last,
    contacts.is_billing desc nulls last,
    lower(contacts.full_name) asc,
    contacts.contact_id asc
