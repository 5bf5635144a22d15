-- What:    Indexes, and the triggers that keep Change_Tracking, added after the bulk load.
-- Grain:   one trigger per tracked table and operation; run by SQLite.
-- Units:   one change_version per changed row, in commit order; the version is 0 after the load.
-- Source:  the manner of SQL Server's CHANGE_TRACKING
create index ix_ledger_entry_client on Ledger_Entry (client_KEY);
create index ix_application_from on Ledger_Entry_Application (from__ledger_entry_KEY);
create index ix_application_to on Ledger_Entry_Application (to__ledger_entry_KEY);
create unique index ix_invoice_ledger_entry on Invoice (ledger_entry_KEY);
create index ix_engagement_client on Engagement (client_KEY);
create index ix_grouping_client on Client_Staff_Grouping (client_KEY);
create index ix_client_contact_client on Client_Contact (client_KEY);
create index ix_client_contact_contact on Client_Contact (contact_KEY);
create index ix_contact_email_contact on Contact_Email (contact_KEY);
create index ix_custom_value_client on Custom_Value (client_KEY);

create trigger tr_Office_insert after insert on Office
begin
    insert into Change_Tracking (table_name, row_key, operation)
    values ('Office', new.office_KEY, 'I');
end;
create trigger tr_Office_update after update on Office
begin
    insert into Change_Tracking (table_name, row_key, operation)
    select 'Office', old.office_KEY, 'U'
    union
    select 'Office', new.office_KEY, 'U';
end;
create trigger tr_Office_delete after delete on Office
begin
    insert into Change_Tracking (table_name, row_key, operation)
    values ('Office', old.office_KEY, 'D');
end;

create trigger tr_Client_Status_insert after insert on Client_Status
begin
    insert into Change_Tracking (table_name, row_key, operation)
    values ('Client_Status', new.client_status_KEY, 'I');
end;
create trigger tr_Client_Status_update after update on Client_Status
begin
    insert into Change_Tracking (table_name, row_key, operation)
    select 'Client_Status', old.client_status_KEY, 'U'
    union
    select 'Client_Status', new.client_status_KEY, 'U';
end;
create trigger tr_Client_Status_delete after delete on Client_Status
begin
    insert into Change_Tracking (table_name, row_key, operation)
    values ('Client_Status', old.client_status_KEY, 'D');
end;

create trigger tr_Staff_insert after insert on Staff
begin
    insert into Change_Tracking (table_name, row_key, operation)
    values ('Staff', new.staff_KEY, 'I');
end;
create trigger tr_Staff_update after update on Staff
begin
    insert into Change_Tracking (table_name, row_key, operation)
    select 'Staff', old.staff_KEY, 'U'
    union
    select 'Staff', new.staff_KEY, 'U';
end;
create trigger tr_Staff_delete after delete on Staff
begin
    insert into Change_Tracking (table_name, row_key, operation)
    values ('Staff', old.staff_KEY, 'D');
end;

create trigger tr_Client_insert after insert on Client
begin
    insert into Change_Tracking (table_name, row_key, operation)
    values ('Client', new.client_KEY, 'I');
end;
create trigger tr_Client_update after update on Client
begin
    insert into Change_Tracking (table_name, row_key, operation)
    select 'Client', old.client_KEY, 'U'
    union
    select 'Client', new.client_KEY, 'U';
end;
create trigger tr_Client_delete after delete on Client
begin
    insert into Change_Tracking (table_name, row_key, operation)
    values ('Client', old.client_KEY, 'D');
end;

create trigger tr_Client_Staff_Grouping_insert after insert on Client_Staff_Grouping
begin
    insert into Change_Tracking (table_name, row_key, operation)
    values ('Client_Staff_Grouping', new.client_staff_grouping_KEY, 'I');
end;
create trigger tr_Client_Staff_Grouping_update after update on Client_Staff_Grouping
begin
    insert into Change_Tracking (table_name, row_key, operation)
    select 'Client_Staff_Grouping', old.client_staff_grouping_KEY, 'U'
    union
    select 'Client_Staff_Grouping', new.client_staff_grouping_KEY, 'U';
end;
create trigger tr_Client_Staff_Grouping_delete after delete on Client_Staff_Grouping
begin
    insert into Change_Tracking (table_name, row_key, operation)
    values ('Client_Staff_Grouping', old.client_staff_grouping_KEY, 'D');
end;

create trigger tr_Contact_insert after insert on Contact
begin
    insert into Change_Tracking (table_name, row_key, operation)
    values ('Contact', new.contact_KEY, 'I');
end;
create trigger tr_Contact_update after update on Contact
begin
    insert into Change_Tracking (table_name, row_key, operation)
    select 'Contact', old.contact_KEY, 'U'
    union
    select 'Contact', new.contact_KEY, 'U';
end;
create trigger tr_Contact_delete after delete on Contact
begin
    insert into Change_Tracking (table_name, row_key, operation)
    values ('Contact', old.contact_KEY, 'D');
end;

create trigger tr_Contact_Email_insert after insert on Contact_Email
begin
    insert into Change_Tracking (table_name, row_key, operation)
    values ('Contact_Email', new.contact_email_KEY, 'I');
end;
create trigger tr_Contact_Email_update after update on Contact_Email
begin
    insert into Change_Tracking (table_name, row_key, operation)
    select 'Contact_Email', old.contact_email_KEY, 'U'
    union
    select 'Contact_Email', new.contact_email_KEY, 'U';
end;
create trigger tr_Contact_Email_delete after delete on Contact_Email
begin
    insert into Change_Tracking (table_name, row_key, operation)
    values ('Contact_Email', old.contact_email_KEY, 'D');
end;

create trigger tr_Client_Contact_insert after insert on Client_Contact
begin
    insert into Change_Tracking (table_name, row_key, operation)
    values ('Client_Contact', new.client_contact_KEY, 'I');
end;
create trigger tr_Client_Contact_update after update on Client_Contact
begin
    insert into Change_Tracking (table_name, row_key, operation)
    select 'Client_Contact', old.client_contact_KEY, 'U'
    union
    select 'Client_Contact', new.client_contact_KEY, 'U';
end;
create trigger tr_Client_Contact_delete after delete on Client_Contact
begin
    insert into Change_Tracking (table_name, row_key, operation)
    values ('Client_Contact', old.client_contact_KEY, 'D');
end;

create trigger tr_Custom_Field_insert after insert on Custom_Field
begin
    insert into Change_Tracking (table_name, row_key, operation)
    values ('Custom_Field', new.custom_field_KEY, 'I');
end;
create trigger tr_Custom_Field_update after update on Custom_Field
begin
    insert into Change_Tracking (table_name, row_key, operation)
    select 'Custom_Field', old.custom_field_KEY, 'U'
    union
    select 'Custom_Field', new.custom_field_KEY, 'U';
end;
create trigger tr_Custom_Field_delete after delete on Custom_Field
begin
    insert into Change_Tracking (table_name, row_key, operation)
    values ('Custom_Field', old.custom_field_KEY, 'D');
end;

create trigger tr_Custom_Value_insert after insert on Custom_Value
begin
    insert into Change_Tracking (table_name, row_key, operation)
    values ('Custom_Value', new.custom_value_KEY, 'I');
end;
create trigger tr_Custom_Value_update after update on Custom_Value
begin
    insert into Change_Tracking (table_name, row_key, operation)
    select 'Custom_Value', old.custom_value_KEY, 'U'
    union
    select 'Custom_Value', new.custom_value_KEY, 'U';
end;
create trigger tr_Custom_Value_delete after delete on Custom_Value
begin
    insert into Change_Tracking (table_name, row_key, operation)
    values ('Custom_Value', old.custom_value_KEY, 'D');
end;

create trigger tr_Engagement_insert after insert on Engagement
begin
    insert into Change_Tracking (table_name, row_key, operation)
    values ('Engagement', new.engagement_KEY, 'I');
end;
create trigger tr_Engagement_update after update on Engagement
begin
    insert into Change_Tracking (table_name, row_key, operation)
    select 'Engagement', old.engagement_KEY, 'U'
    union
    select 'Engagement', new.engagement_KEY, 'U';
end;
create trigger tr_Engagement_delete after delete on Engagement
begin
    insert into Change_Tracking (table_name, row_key, operation)
    values ('Engagement', old.engagement_KEY, 'D');
end;

create trigger tr_Ledger_Entry_Type_insert after insert on Ledger_Entry_Type
begin
    insert into Change_Tracking (table_name, row_key, operation)
    values ('Ledger_Entry_Type', new.ledger_entry_type_KEY, 'I');
end;
create trigger tr_Ledger_Entry_Type_update after update on Ledger_Entry_Type
begin
    insert into Change_Tracking (table_name, row_key, operation)
    select 'Ledger_Entry_Type', old.ledger_entry_type_KEY, 'U'
    union
    select 'Ledger_Entry_Type', new.ledger_entry_type_KEY, 'U';
end;
create trigger tr_Ledger_Entry_Type_delete after delete on Ledger_Entry_Type
begin
    insert into Change_Tracking (table_name, row_key, operation)
    values ('Ledger_Entry_Type', old.ledger_entry_type_KEY, 'D');
end;

create trigger tr_Ledger_Entry_Subtype_insert after insert on Ledger_Entry_Subtype
begin
    insert into Change_Tracking (table_name, row_key, operation)
    values ('Ledger_Entry_Subtype', new.ledger_entry_subtype_KEY, 'I');
end;
create trigger tr_Ledger_Entry_Subtype_update after update on Ledger_Entry_Subtype
begin
    insert into Change_Tracking (table_name, row_key, operation)
    select 'Ledger_Entry_Subtype', old.ledger_entry_subtype_KEY, 'U'
    union
    select 'Ledger_Entry_Subtype', new.ledger_entry_subtype_KEY, 'U';
end;
create trigger tr_Ledger_Entry_Subtype_delete after delete on Ledger_Entry_Subtype
begin
    insert into Change_Tracking (table_name, row_key, operation)
    values ('Ledger_Entry_Subtype', old.ledger_entry_subtype_KEY, 'D');
end;

create trigger tr_Ledger_Entry_insert after insert on Ledger_Entry
begin
    insert into Change_Tracking (table_name, row_key, operation)
    values ('Ledger_Entry', new.ledger_entry_KEY, 'I');
end;
create trigger tr_Ledger_Entry_update after update on Ledger_Entry
begin
    insert into Change_Tracking (table_name, row_key, operation)
    select 'Ledger_Entry', old.ledger_entry_KEY, 'U'
    union
    select 'Ledger_Entry', new.ledger_entry_KEY, 'U';
end;
create trigger tr_Ledger_Entry_delete after delete on Ledger_Entry
begin
    insert into Change_Tracking (table_name, row_key, operation)
    values ('Ledger_Entry', old.ledger_entry_KEY, 'D');
end;

create trigger tr_Ledger_Entry_Application_insert after insert on Ledger_Entry_Application
begin
    insert into Change_Tracking (table_name, row_key, operation)
    values ('Ledger_Entry_Application', new.ledger_entry_application_KEY, 'I');
end;
create trigger tr_Ledger_Entry_Application_update after update on Ledger_Entry_Application
begin
    insert into Change_Tracking (table_name, row_key, operation)
    select 'Ledger_Entry_Application', old.ledger_entry_application_KEY, 'U'
    union
    select 'Ledger_Entry_Application', new.ledger_entry_application_KEY, 'U';
end;
create trigger tr_Ledger_Entry_Application_delete after delete on Ledger_Entry_Application
begin
    insert into Change_Tracking (table_name, row_key, operation)
    values ('Ledger_Entry_Application', old.ledger_entry_application_KEY, 'D');
end;

create trigger tr_Invoice_insert after insert on Invoice
begin
    insert into Change_Tracking (table_name, row_key, operation)
    values ('Invoice', new.invoice_KEY, 'I');
end;
create trigger tr_Invoice_update after update on Invoice
begin
    insert into Change_Tracking (table_name, row_key, operation)
    select 'Invoice', old.invoice_KEY, 'U'
    union
    select 'Invoice', new.invoice_KEY, 'U';
end;
create trigger tr_Invoice_delete after delete on Invoice
begin
    insert into Change_Tracking (table_name, row_key, operation)
    values ('Invoice', old.invoice_KEY, 'D');
end;

-- The mark of a database that was invented here ('FPor'): nothing is ever posted into another.
pragma application_id = 1179676530;
pragma analysis_limit = 1000;
analyze;
pragma journal_mode = wal;
