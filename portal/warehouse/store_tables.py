"""Which rows of the store the warehouse holds copies of, so that lists sort and filter by them.

One entry a table: its name in the store (here it stands in the schema `store` under the same
name), the column by which changed rows are told, and the columns to copy with their types.
KEY is an id of the practice management system and gets the type this warehouse's keys have.
No secret is listed: no token, no hash of a password, no reference to a saved card.
"""

import duckdb

from portal.warehouse.copied_mail import MAIL_TABLES
from portal.warehouse.copied_money import MONEY_TABLES
from portal.warehouse.copied_plans import PLAN_TABLES
from portal.warehouse.query import load_query
from portal.warehouse.store_table import StoreTable

STORE_TABLES: tuple[StoreTable, ...] = (
    *MONEY_TABLES,
    *PLAN_TABLES,
    *MAIL_TABLES,
    StoreTable(
        name="audit_log",
        key="seq",
        columns={
            "seq": "bigint",
            "at": "timestamp",
            "actor": "varchar",
            "action": "varchar",
            "subject": "varchar",
            "detail": "varchar",
        },
    ),
    StoreTable(
        name="promises",
        key="promise_id",
        columns={
            "promise_id": "varchar",
            "client_id": "KEY",
            "invoice_id": "KEY",
            "currency": "varchar",
            "amount_cents": "bigint",
            "promised_on": "date",
            "grace_days": "bigint",
            "received_cents": "bigint",
            "state": "varchar",
            "made_at": "timestamp",
        },
    ),
    StoreTable(
        name="invoice_disputes",
        key="dispute_id",
        columns={
            "dispute_id": "varchar",
            "client_id": "KEY",
            "invoice_id": "KEY",
            "reason": "varchar",
            "until": "date",
            "closed_at": "timestamp",
        },
    ),
    StoreTable(
        name="client_holds",
        key="hold_id",
        columns={
            "hold_id": "varchar",
            "client_id": "KEY",
            "kind": "varchar",
            "reason": "varchar",
            "until": "date",
            "made_at": "timestamp",
            "ended_at": "timestamp",
        },
    ),
    StoreTable(
        name="worklist_marks",
        key="client_id",
        columns={
            "client_id": "KEY",
            "assignee": "varchar",
            "assignee_name": "varchar",
            "next_action_on": "date",
            "next_action": "varchar",
            "done_on": "date",
            "last_contact_on": "date",
        },
    ),
    StoreTable(
        name="statements",
        key="statement_id",
        columns={
            "statement_id": "varchar",
            "run_day": "date",
            "client_id": "KEY",
            "client_number": "varchar",
            "client_name": "varchar",
            "partner_id": "KEY",
            "manager_id": "KEY",
            "state": "varchar",
            "trigger_label": "varchar",
            "mode": "varchar",
            "reason_invoice_id": "KEY",
            "reason_invoice_number": "varchar",
            "currency": "varchar",
            "open_cents": "bigint",
            "oldest_days": "bigint",
            "suppressed_by": "varchar",
            "detail": "varchar",
            "to_people": "varchar",
            "cc_people": "varchar",
            "bcc_people": "varchar",
            "letter_id": "varchar",
            "decided_by": "varchar",
            "sent_on": "date",
        },
    ),
    StoreTable(
        name="portal_users",
        key="portal_user_id",
        columns={
            "portal_user_id": "varchar",
            "email": "varchar",
            "full_name": "varchar",
            "verified_at": "timestamp",
            "is_active": "boolean",
            "created_at": "timestamp",
            "last_sign_in_at": "timestamp",
        },
    ),
    StoreTable(
        name="portal_user_clients",
        key="portal_user_id",
        columns={
            "portal_user_id": "varchar",
            "client_id": "KEY",
            "linked_by": "varchar",
            "linked_at": "timestamp",
        },
    ),
    StoreTable(
        name="quick_links",
        key="link_id",
        columns={
            "link_id": "varchar",
            "label": "varchar",
            "description": "varchar",
            "currency": "varchar",
            "amount_cents": "bigint",
            "created_by": "varchar",
            "created_at": "timestamp",
            "expires_at": "timestamp",
            "most_uses": "bigint",
            "uses": "bigint",
            "revoked_at": "timestamp",
        },
    ),
    StoreTable(
        name="payer_messages",
        key="message_id",
        columns={
            "message_id": "varchar",
            "kind": "varchar",
            "client_id": "KEY",
            "invoice_id": "KEY",
            "invoice_number": "varchar",
            "text": "varchar",
            "promised_date": "date",
            "cents": "bigint",
            "parts": "bigint",
            "asked_name": "varchar",
            "asked_email": "varchar",
            "created_at": "timestamp",
            "state": "varchar",
        },
    ),
)


DERIVED = ("unsettled_items", "portal_items")
"""Tables made of the copies at each renewal, by queries/store."""
_SHOWN = (
    "pending_items",
    "pending_invoices",
    "invoice_list",
    "open_invoices",
    "pending_clients",
    "client_list",
    "planned_invoices",
    "disputed_invoices",
    "payment_list",
)
"""What is on screen: the marts less what is pending. Views, so that each reading computes it."""


def lay_out(con: duckdb.DuckDBPyConnection, key_type: str) -> None:
    """Make every copy empty and keep the number by which their changes are counted."""
    con.execute("create schema if not exists store")
    for table in STORE_TABLES:
        columns = ", ".join(f'"{name}" {kind}' for name, kind in table.types(key_type).items())
        con.execute(f"create or replace table store.{table.name} ({columns})")
    con.execute("create table if not exists store.firm_zone as select 'UTC' as timezone")
    con.execute("create table if not exists store.mirror_version as select 0::bigint as version")
    con.execute("create or replace temp table touched_payments (payment_id varchar)")
    for name in DERIVED:
        sql = load_query(f"store/{name}").sql
        con.execute(f"create or replace table store.{name} as {sql}")
    marts = "select count(*) from duckdb_tables() where table_name = 'posted_items'"
    if con.execute(marts).fetchone()[0]:
        show(con)


def derive(con: duckdb.DuckDBPyConnection) -> None:
    """Make anew what is made of the copies, for the payments of table `touched_payments`."""
    for name in DERIVED:
        con.execute(f"delete from store.{name} where payment_id in (from touched_payments)")
        con.execute(f"insert into store.{name} by name {load_query(f'store/{name}').sql}")


def show(con: duckdb.DuckDBPyConnection) -> None:
    """Say how marts and copies together make what is on screen; both must be there."""
    con.execute("create schema if not exists shown")
    for name in _SHOWN:
        con.execute(f"create or replace view shown.{name} as {load_query(f'shown/{name}').sql}")
