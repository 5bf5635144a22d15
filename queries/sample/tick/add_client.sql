-- What:    One new active client.
insert into Client (
    client_KEY, client_id, description, client_status_KEY, office_KEY, date_opened, update_date_utc
)
values (:client, :number, :description, 1, :office, :opened, :stamp)
