-- What:    The tables of the sample firm's practice management system, named as in Practice CS.
-- Grain:   one CREATE TABLE per source table; run by SQLite before the bulk load.
-- Units:   money is TEXT like '12.34'; days are TEXT like '2026-03-31'; update_date_utc is a UTC
--          instant like '2026-03-31 14:05:00'; keys are INTEGER; yes or no is 0 or 1.
-- Source:  Practice CS schema documentation 2019.2.1, shortened to what accounts receivable needs.
--          Client_Contact, Custom_Field and Custom_Value are simplified.
create table Firm (
    firm_KEY INTEGER PRIMARY KEY,
    description TEXT NOT NULL,
    accounts_receivable_terms TEXT,
    days_to_due_date INTEGER
);

create table Office (
    office_KEY INTEGER PRIMARY KEY,
    office_id TEXT NOT NULL,
    description TEXT NOT NULL
);

create table Client_Status (
    client_status_KEY INTEGER PRIMARY KEY,
    description TEXT NOT NULL
);

create table Staff (
    staff_KEY INTEGER PRIMARY KEY,
    staff_id TEXT NOT NULL,
    description TEXT NOT NULL,
    email TEXT,
    office_KEY INTEGER,
    date_left TEXT,
    update_date_utc TEXT
);

create table Client (
    client_KEY INTEGER PRIMARY KEY,
    client_id TEXT NOT NULL,
    description TEXT NOT NULL,
    client_status_KEY INTEGER NOT NULL,
    office_KEY INTEGER,
    date_opened TEXT,
    date_left TEXT,
    update_date_utc TEXT
);

create table Client_Staff_Grouping (
    client_staff_grouping_KEY INTEGER PRIMARY KEY,
    client_KEY INTEGER NOT NULL,
    staff_KEY INTEGER,
    staff_role TEXT NOT NULL,
    date_effective TEXT NOT NULL,
    update_date_utc TEXT
);

create table Contact (
    contact_KEY INTEGER PRIMARY KEY,
    description TEXT NOT NULL,
    phone_number TEXT,
    update_date_utc TEXT
);

create table Contact_Email (
    contact_email_KEY INTEGER PRIMARY KEY,
    contact_KEY INTEGER NOT NULL,
    email TEXT,
    is_primary INTEGER NOT NULL,
    update_date_utc TEXT
);

create table Client_Contact (
    client_contact_KEY INTEGER PRIMARY KEY,
    client_KEY INTEGER NOT NULL,
    contact_KEY INTEGER NOT NULL,
    is_primary INTEGER NOT NULL,
    is_billing INTEGER NOT NULL,
    update_date_utc TEXT
);

create table Custom_Field (
    custom_field_KEY INTEGER PRIMARY KEY,
    description TEXT NOT NULL
);

create table Custom_Value (
    custom_value_KEY INTEGER PRIMARY KEY,
    custom_field_KEY INTEGER NOT NULL,
    client_KEY INTEGER NOT NULL,
    contact_KEY INTEGER,
    value TEXT,
    update_date_utc TEXT
);

create table Engagement (
    engagement_KEY INTEGER PRIMARY KEY,
    client_KEY INTEGER NOT NULL,
    engagement_name TEXT NOT NULL,
    engagement_status TEXT,
    update_date_utc TEXT
);

create table Ledger_Entry_Type (
    ledger_entry_type_KEY INTEGER PRIMARY KEY,
    description TEXT NOT NULL,
    normal_sign INTEGER NOT NULL
);

create table Ledger_Entry_Subtype (
    ledger_entry_subtype_KEY INTEGER PRIMARY KEY,
    description TEXT NOT NULL
);

create table Ledger_Entry (
    ledger_entry_KEY INTEGER PRIMARY KEY,
    ledger_entry_type_KEY INTEGER NOT NULL,
    ledger_entry_subtype_KEY INTEGER,
    client_KEY INTEGER NOT NULL,
    entry_number TEXT,
    entry_date TEXT NOT NULL,
    posted_date TEXT,
    reference TEXT,
    amount TEXT NOT NULL,
    comments TEXT,
    update_date_utc TEXT
);

create table Ledger_Entry_Application (
    ledger_entry_application_KEY INTEGER PRIMARY KEY,
    from__ledger_entry_KEY INTEGER NOT NULL,
    to__ledger_entry_KEY INTEGER NOT NULL,
    applied_amount TEXT NOT NULL,
    update_date_utc TEXT
);

create table Invoice (
    invoice_KEY INTEGER PRIMARY KEY,
    ledger_entry_KEY INTEGER NOT NULL,
    engagement_KEY INTEGER,
    due_date TEXT,
    billed_date TEXT
);

create table Change_Tracking (
    change_version INTEGER PRIMARY KEY AUTOINCREMENT,
    table_name TEXT NOT NULL,
    row_key INTEGER NOT NULL,
    operation TEXT NOT NULL
);

insert into Firm values
    (1, 'Hartwell & Rowe LLP', 'Payment is due by the date on the invoice.', 30);

insert into Office values
    (1, 'PRT', 'Portland'),
    (2, 'BTH', 'Bath'),
    (3, 'KEN', 'Kennebunk'),
    (4, 'AUG', 'Augusta');

insert into Client_Status values
    (1, 'Active'), (2, 'Prospect'), (3, 'Lost'), (4, 'Suspended');

insert into Custom_Field values
    (1, 'Client group'), (2, 'Email invoices'), (3, 'Email statements');

insert into Ledger_Entry_Type values
    (1, 'Invoice', 1), (2, 'Service charge', 1), (3, 'Debit memo', 1), (4, 'Check', -1),
    (5, 'Credit memo', -1), (6, 'NSF check', 1), (7, 'Write-off', -1), (8, 'Cash', -1),
    (9, 'Credit card', -1), (10, 'Credit card return', 1), (11, 'ACH', -1),
    (12, 'Partial write-off', -1), (13, 'Reversal', -1);

insert into Ledger_Entry_Subtype values (1, 'Void'), (2, 'Disputed');
