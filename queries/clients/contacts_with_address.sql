-- What:    The clients at which some addresses are a contact.
-- Grain:   one row per client and address.
-- Params:  $sees_all BOOLEAN  true for somebody with all clients
--          $staff_id KEY      else only clients where this person is partner or manager
--          $currency VARCHAR  balances are in this currency
--          $addresses VARCHAR[]  addresses in lower case
-- Units:   outstanding_cents whole cents.
-- Source:  contacts, client_list
select distinct
    contacts.client_id::varchar as client_id,
    lower(trim(contacts.email)) as address,
    client_list.client_number,
    client_list.client_name,
    client_list.outstanding_cents
from contacts
inner join client_list
    on contacts.client_id = client_list.client_id and client_list.currency = $currency
where
    lower(trim(contacts.email)) in (select unnest($addresses::varchar[]))
    and (
        $sees_all
        or client_list.partner_id = $staff_id
        or client_list.manager_id = $staff_id
    )
order by
    client_list.outstanding_cents desc,
    client_id asc,
    address asc
