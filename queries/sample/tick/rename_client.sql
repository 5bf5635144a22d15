-- What:    A client gets another name.
update Client set description = :description, update_date_utc = :stamp
where client_KEY = :client
