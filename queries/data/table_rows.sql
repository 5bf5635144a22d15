-- What:    How many rows of each kind the portal holds.
-- Grain:   one row per kind, in the order a person thinks of them.
-- Units:   changed_at UTC: when the newest row changed in the practice management system.
-- Source:  clients, contacts, engagements, invoice_list, receipt_list, applications, staff
--          (only what belongs to clients the firm shows)
with

counted as (

    select
        1 as place,
        'Clients' as what,
        count(*) as row_count,
        max(clients.changed_at) as changed_at
    from clients
    union all
    select
        2 as place,
        'Contacts' as what,
        count(*) as row_count,
        max(contacts.changed_at) as changed_at
    from contacts
    semi join clients
        on contacts.client_id = clients.client_id
    union all
    select
        3 as place,
        'Engagements' as what,
        count(*) as row_count,
        max(engagements.changed_at) as changed_at
    from engagements
    semi join clients
        on engagements.client_id = clients.client_id
    union all
    select
        4 as place,
        'Invoices, service charges and debit memos' as what,
        count(*) as row_count,
        max(invoice_list.changed_at) as changed_at
    from invoice_list
    union all
    select
        5 as place,
        'Payments, credits, refunds and returns' as what,
        count(*) as row_count,
        max(receipt_list.changed_at) as changed_at
    from receipt_list
    union all
    select
        6 as place,
        'Applications of payments to invoices' as what,
        count(*) as row_count,
        max(applications.changed_at) as changed_at
    from applications
    semi join invoice_list
        on applications.invoice_id = invoice_list.invoice_id
    union all
    select
        7 as place,
        'Staff' as what,
        count(*) as row_count,
        null as changed_at
    from staff

)

select
    counted.place,
    counted.what,
    counted.row_count,
    counted.changed_at
from counted
order by counted.place asc
