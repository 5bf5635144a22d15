-- What:    The address of a new contact.
insert into Contact_Email (contact_KEY, email, is_primary, update_date_utc)
values (:contact, :email, 1, :stamp)
