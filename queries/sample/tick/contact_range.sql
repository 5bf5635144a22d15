-- What:    The lowest and the highest key of the contacts' addresses.
-- Grain:   one row; two look-ups, since SQLite scans the table to find both ends at once.
select
    (select min(contact_email_KEY) from Contact_Email) as lowest,
    (select max(contact_email_KEY) from Contact_Email) as highest
