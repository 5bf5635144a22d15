-- What:    The next free key of the contacts.
select coalesce(max(contact_KEY), 0) + 1 as next_key from Contact
