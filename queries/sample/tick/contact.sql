-- What:    The contact's address at or after a key.
-- Grain:   one row, or none.
-- Params:  :address INTEGER
-- Source:  Contact_Email, Contact
select
    address.contact_email_KEY,
    address.contact_KEY,
    address.email,
    contact.description
from Contact_Email as address
inner join Contact as contact
    on address.contact_KEY = contact.contact_KEY
where address.contact_email_KEY >= :address
order by address.contact_email_KEY
limit 1
