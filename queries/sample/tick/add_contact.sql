-- What:    One new contact.
insert into Contact (contact_KEY, description, phone_number, update_date_utc)
values (:contact, :description, :phone, :stamp)
