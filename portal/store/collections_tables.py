"""Promises, notes, pauses, disputes, statements: the tables.

Migrations create them; a test compares the two.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from portal.store.tables import UtcTime, metadata

client_notes = Table(
    "client_notes",
    metadata,
    Column("note_id", String, primary_key=True),
    Column("client_id", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("outcome", String),
    Column("text", Text, nullable=False),
    Column("author", String, nullable=False),
    Column("author_name", String, nullable=False),
    Column("at", UtcTime, nullable=False),
    CheckConstraint("kind in ('note', 'call')", name="ck_client_notes_kind"),
    Index(None, "client_id", "at"),
)

promises = Table(
    "promises",
    metadata,
    Column("promise_id", String, primary_key=True),
    Column("client_id", String, nullable=False),
    Column("invoice_id", String),
    Column("invoice_number", String),
    Column("currency", String, nullable=False),
    Column("amount_cents", BigInteger, nullable=False),
    Column("made_on", Date, nullable=False),
    Column("promised_on", Date, nullable=False),
    Column("grace_days", Integer, nullable=False),
    Column("known_cents", BigInteger, nullable=False),
    Column("received_cents", BigInteger, nullable=False),
    Column("state", String, nullable=False),
    Column("note", Text, nullable=False),
    Column("source", String, nullable=False),
    Column("made_by", String, nullable=False),
    Column("made_by_name", String, nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("decided_at", UtcTime),
    CheckConstraint("amount_cents > 0", name="ck_promises_amount"),
    CheckConstraint("promised_on >= made_on", name="ck_promises_day"),
    CheckConstraint("state in ('open', 'kept', 'broken', 'withdrawn')", name="ck_promises_state"),
    Index(None, "client_id"),
    Index(None, "state", "promised_on"),
)

invoice_disputes = Table(
    "invoice_disputes",
    metadata,
    Column("dispute_id", String, primary_key=True),
    Column("client_id", String, nullable=False),
    Column("invoice_id", String, nullable=False),
    Column("invoice_number", String, nullable=False),
    Column("reason", Text, nullable=False),
    Column("until", Date),
    Column("source", String, nullable=False),
    Column("opened_by", String, nullable=False),
    Column("opened_at", UtcTime, nullable=False),
    Column("closed_by", String),
    Column("closed_at", UtcTime),
    Index(None, "client_id"),
    Index(
        "uq_invoice_disputes_running",
        "invoice_id",
        unique=True,
        sqlite_where=text("closed_at is null"),
        postgresql_where=text("closed_at is null"),
    ),
)

client_holds = Table(
    "client_holds",
    metadata,
    Column("hold_id", String, primary_key=True),
    Column("client_id", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("reason", Text, nullable=False),
    Column("until", Date),
    Column("made_by", String, nullable=False),
    Column("made_by_name", String, nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("ended_by", String),
    Column("ended_at", UtcTime),
    CheckConstraint("kind in ('pause', 'exclusion')", name="ck_client_holds_kind"),
    CheckConstraint("kind = 'exclusion' or until is not null", name="ck_client_holds_pause_ends"),
    Index(None, "client_id"),
    Index(
        "uq_client_holds_running",
        "client_id",
        "kind",
        unique=True,
        sqlite_where=text("ended_at is null"),
        postgresql_where=text("ended_at is null"),
    ),
)

worklist_marks = Table(
    "worklist_marks",
    metadata,
    Column("client_id", String, primary_key=True),
    Column("assignee", String),
    Column("assignee_name", String),
    Column("next_action_on", Date),
    Column("next_action", Text),
    Column("done_on", Date),
    Column("done_by", String),
    Column("last_contact_at", UtcTime),
    Column("updated_at", UtcTime, nullable=False),
)

statement_runs = Table(
    "statement_runs",
    metadata,
    Column("run_day", Date, primary_key=True),
    Column("after_day", Date, nullable=False),
    Column("rules_version", Integer, nullable=False),
    Column("state", String, nullable=False),
    Column("started_at", UtcTime, nullable=False),
    Column("finished_at", UtcTime),
    Column("staged", Integer, nullable=False),
    Column("sent", Integer, nullable=False),
    Column("suppressed", Integer, nullable=False),
    CheckConstraint("state in ('running', 'done')", name="ck_statement_runs_state"),
)

statements = Table(
    "statements",
    metadata,
    Column("statement_id", String, primary_key=True),
    Column("run_day", Date, nullable=False),
    Column("client_id", String, nullable=False),
    Column("client_number", String, nullable=False),
    Column("client_name", String, nullable=False),
    Column("partner_id", String),
    Column("manager_id", String),
    Column("state", String, nullable=False),
    Column("trigger_key", String, nullable=False),
    Column("trigger_label", String, nullable=False),
    Column("message", String, nullable=False),
    Column("mode", String, nullable=False),
    Column("reason_invoice_id", String, nullable=False),
    Column("reason_invoice_number", String, nullable=False),
    Column("currency", String, nullable=False),
    Column("open_cents", BigInteger, nullable=False),
    Column("oldest_days", Integer, nullable=False),
    Column("suppressed_by", String),
    Column("detail", Text, nullable=False),
    Column("to_people", JSON, nullable=False),
    Column("cc_people", JSON, nullable=False),
    Column("bcc_people", JSON, nullable=False),
    Column("left_out", JSON, nullable=False),
    Column("letter_id", String),
    Column("rules_version", Integer, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("decided_at", UtcTime),
    Column("decided_by", String),
    CheckConstraint(
        "state in ('staged', 'sent', 'dropped', 'failed', 'suppressed')",
        name="ck_statements_state",
    ),
    CheckConstraint(
        "state <> 'suppressed' or suppressed_by is not null", name="ck_statements_reason"
    ),
    UniqueConstraint("client_id", "run_day"),
    Index(None, "state", "run_day"),
    Index(
        "uq_statements_waiting",
        "client_id",
        unique=True,
        sqlite_where=text("state = 'staged'"),
        postgresql_where=text("state = 'staged'"),
    ),
)

write_off_requests = Table(
    "write_off_requests",
    metadata,
    Column("request_id", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("client_id", String, nullable=False),
    Column("client_name", String, nullable=False),
    Column("invoice_id", String),
    Column("invoice_number", String),
    Column("currency", String, nullable=False),
    Column("amount_cents", BigInteger),
    Column("reason", Text, nullable=False),
    Column("state", String, nullable=False),
    Column("requested_by", String, nullable=False),
    Column("requested_by_name", String, nullable=False),
    Column("requested_at", UtcTime, nullable=False),
    Column("decided_by", String),
    Column("decided_by_name", String),
    Column("decided_at", UtcTime),
    Column("decision_note", Text, nullable=False),
    Column("done_by", String),
    Column("done_at", UtcTime),
    CheckConstraint("kind in ('write_off', 'credit', 'hold')", name="ck_write_off_requests_kind"),
    CheckConstraint(
        "state in ('asked', 'approved', 'rejected', 'done')", name="ck_write_off_requests_state"
    ),
    CheckConstraint(
        "kind = 'hold' or (amount_cents is not null and amount_cents > 0)",
        name="ck_write_off_requests_amount",
    ),
    CheckConstraint(
        "decided_by is null or decided_by <> requested_by", name="ck_write_off_requests_four_eyes"
    ),
    Index(None, "client_id"),
    Index(None, "state"),
)

collection_rules = Table(
    "collection_rules",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("rules", JSON, nullable=False),
    Column("made_by", String, nullable=False),
    Column("made_by_name", String, nullable=False),
    Column("made_at", UtcTime, nullable=False),
)
