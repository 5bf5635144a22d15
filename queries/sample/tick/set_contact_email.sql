-- What:    A contact gets another address.
update Contact_Email set email = :email, update_date_utc = :stamp
where contact_email_KEY = :address
