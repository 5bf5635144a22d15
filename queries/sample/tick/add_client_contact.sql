-- What:    A contact becomes the primary and billing contact of a client.
insert into Client_Contact (client_KEY, contact_KEY, is_primary, is_billing, update_date_utc)
values (:client, :contact, 1, 1, :stamp)
