-- What:    A custom field is filled in for a contact of a client.
insert into Custom_Value (custom_field_KEY, client_KEY, contact_KEY, value, update_date_utc)
values (:field, :client, :contact, 'Yes', :stamp)
