"""Promises, notes, pauses, disputes and statements."""

import sqlalchemy as sa
from alembic import op

from portal.store.tables import UtcTime

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make these tables."""
    _what_was_said()
    _who_is_not_chased()
    _how_the_worklist_stands()
    _statement_runs()
    _statements()
    _write_off_requests()
    _rules()


def _what_was_said() -> None:
    op.create_table(
        "client_notes",
        sa.Column("note_id", sa.String, nullable=False),
        sa.Column("client_id", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("outcome", sa.String),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("author", sa.String, nullable=False),
        sa.Column("author_name", sa.String, nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.CheckConstraint("kind in ('note', 'call')", name="ck_client_notes_kind"),
        sa.PrimaryKeyConstraint("note_id", name="pk_client_notes"),
    )
    op.create_index("ix_client_notes_client_id_at", "client_notes", ["client_id", "at"])
    op.create_table(
        "promises",
        sa.Column("promise_id", sa.String, nullable=False),
        sa.Column("client_id", sa.String, nullable=False),
        sa.Column("invoice_id", sa.String),
        sa.Column("invoice_number", sa.String),
        sa.Column("currency", sa.String, nullable=False),
        sa.Column("amount_cents", sa.BigInteger, nullable=False),
        sa.Column("made_on", sa.Date, nullable=False),
        sa.Column("promised_on", sa.Date, nullable=False),
        sa.Column("grace_days", sa.Integer, nullable=False),
        sa.Column("known_cents", sa.BigInteger, nullable=False),
        sa.Column("received_cents", sa.BigInteger, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("source", sa.String, nullable=False),
        sa.Column("made_by", sa.String, nullable=False),
        sa.Column("made_by_name", sa.String, nullable=False),
        sa.Column("made_at", UtcTime, nullable=False),
        sa.Column("decided_at", UtcTime),
        sa.CheckConstraint("amount_cents > 0", name="ck_promises_amount"),
        sa.CheckConstraint("promised_on >= made_on", name="ck_promises_day"),
        sa.CheckConstraint(
            "state in ('open', 'kept', 'broken', 'withdrawn')",
            name="ck_promises_state",
        ),
        sa.PrimaryKeyConstraint("promise_id", name="pk_promises"),
    )
    op.create_index("ix_promises_client_id", "promises", ["client_id"])
    op.create_index("ix_promises_state_promised_on", "promises", ["state", "promised_on"])


def _who_is_not_chased() -> None:
    op.create_table(
        "invoice_disputes",
        sa.Column("dispute_id", sa.String, nullable=False),
        sa.Column("client_id", sa.String, nullable=False),
        sa.Column("invoice_id", sa.String, nullable=False),
        sa.Column("invoice_number", sa.String, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("until", sa.Date),
        sa.Column("source", sa.String, nullable=False),
        sa.Column("opened_by", sa.String, nullable=False),
        sa.Column("opened_at", UtcTime, nullable=False),
        sa.Column("closed_by", sa.String),
        sa.Column("closed_at", UtcTime),
        sa.PrimaryKeyConstraint("dispute_id", name="pk_invoice_disputes"),
    )
    op.create_index("ix_invoice_disputes_client_id", "invoice_disputes", ["client_id"])
    _one_running(
        "uq_invoice_disputes_running", "invoice_disputes", ["invoice_id"], "closed_at is null"
    )
    op.create_table(
        "client_holds",
        sa.Column("hold_id", sa.String, nullable=False),
        sa.Column("client_id", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("until", sa.Date),
        sa.Column("made_by", sa.String, nullable=False),
        sa.Column("made_by_name", sa.String, nullable=False),
        sa.Column("made_at", UtcTime, nullable=False),
        sa.Column("ended_by", sa.String),
        sa.Column("ended_at", UtcTime),
        sa.CheckConstraint("kind in ('pause', 'exclusion')", name="ck_client_holds_kind"),
        sa.CheckConstraint(
            "kind = 'exclusion' or until is not null",
            name="ck_client_holds_pause_ends",
        ),
        sa.PrimaryKeyConstraint("hold_id", name="pk_client_holds"),
    )
    op.create_index("ix_client_holds_client_id", "client_holds", ["client_id"])
    _one_running(
        "uq_client_holds_running", "client_holds", ["client_id", "kind"], "ended_at is null"
    )


def _how_the_worklist_stands() -> None:
    op.create_table(
        "worklist_marks",
        sa.Column("client_id", sa.String, nullable=False),
        sa.Column("assignee", sa.String),
        sa.Column("assignee_name", sa.String),
        sa.Column("next_action_on", sa.Date),
        sa.Column("next_action", sa.Text),
        sa.Column("done_on", sa.Date),
        sa.Column("done_by", sa.String),
        sa.Column("last_contact_on", sa.Date),
        sa.Column("updated_at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("client_id", name="pk_worklist_marks"),
    )


def _statement_runs() -> None:
    op.create_table(
        "statement_runs",
        sa.Column("run_day", sa.Date, nullable=False),
        sa.Column("after_day", sa.Date, nullable=False),
        sa.Column("rules_version", sa.Integer, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("started_at", UtcTime, nullable=False),
        sa.Column("finished_at", UtcTime),
        sa.Column("staged", sa.Integer, nullable=False),
        sa.Column("sent", sa.Integer, nullable=False),
        sa.Column("suppressed", sa.Integer, nullable=False),
        sa.CheckConstraint("state in ('running', 'done')", name="ck_statement_runs_state"),
        sa.PrimaryKeyConstraint("run_day", name="pk_statement_runs"),
    )


def _statements() -> None:
    op.create_table(
        "statements",
        sa.Column("statement_id", sa.String, nullable=False),
        sa.Column("run_day", sa.Date, nullable=False),
        sa.Column("client_id", sa.String, nullable=False),
        sa.Column("client_number", sa.String, nullable=False),
        sa.Column("client_name", sa.String, nullable=False),
        sa.Column("partner_id", sa.String),
        sa.Column("manager_id", sa.String),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("trigger_key", sa.String, nullable=False),
        sa.Column("trigger_label", sa.String, nullable=False),
        sa.Column("message", sa.String, nullable=False),
        sa.Column("mode", sa.String, nullable=False),
        sa.Column("reason_invoice_id", sa.String, nullable=False),
        sa.Column("reason_invoice_number", sa.String, nullable=False),
        sa.Column("currency", sa.String, nullable=False),
        sa.Column("open_cents", sa.BigInteger, nullable=False),
        sa.Column("oldest_days", sa.Integer, nullable=False),
        sa.Column("suppressed_by", sa.String),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("to_people", sa.JSON, nullable=False),
        sa.Column("cc_people", sa.JSON, nullable=False),
        sa.Column("bcc_people", sa.JSON, nullable=False),
        sa.Column("left_out", sa.JSON, nullable=False),
        sa.Column("letter_id", sa.String),
        sa.Column("rules_version", sa.Integer, nullable=False),
        sa.Column("created_at", UtcTime, nullable=False),
        sa.Column("decided_at", UtcTime),
        sa.Column("decided_by", sa.String),
        sa.Column("sent_on", sa.Date),
        sa.CheckConstraint(
            "state <> 'suppressed' or suppressed_by is not null",
            name="ck_statements_reason",
        ),
        sa.CheckConstraint(
            "state in ('staged', 'sent', 'dropped', 'failed', 'suppressed')",
            name="ck_statements_state",
        ),
        sa.CheckConstraint(
            "(state = 'sent') = (sent_on is not null)", name="ck_statements_sent_on"
        ),
        sa.PrimaryKeyConstraint("statement_id", name="pk_statements"),
        sa.UniqueConstraint("client_id", "run_day", name="uq_statements_client_id_run_day"),
    )
    op.create_index("ix_statements_state_run_day", "statements", ["state", "run_day"])
    _one_running("uq_statements_waiting", "statements", ["client_id"], "state = 'staged'")


def _write_off_requests() -> None:
    op.create_table(
        "write_off_requests",
        sa.Column("request_id", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("client_id", sa.String, nullable=False),
        sa.Column("client_name", sa.String, nullable=False),
        sa.Column("invoice_id", sa.String),
        sa.Column("invoice_number", sa.String),
        sa.Column("currency", sa.String, nullable=False),
        sa.Column("amount_cents", sa.BigInteger),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("requested_by", sa.String, nullable=False),
        sa.Column("requested_by_name", sa.String, nullable=False),
        sa.Column("requested_at", UtcTime, nullable=False),
        sa.Column("decided_by", sa.String),
        sa.Column("decided_by_name", sa.String),
        sa.Column("decided_at", UtcTime),
        sa.Column("decision_note", sa.Text, nullable=False),
        sa.Column("done_by", sa.String),
        sa.Column("done_at", UtcTime),
        sa.CheckConstraint(
            "kind = 'hold' or (amount_cents is not null and amount_cents > 0)",
            name="ck_write_off_requests_amount",
        ),
        sa.CheckConstraint(
            "decided_by is null or decided_by <> requested_by",
            name="ck_write_off_requests_four_eyes",
        ),
        sa.CheckConstraint(
            "kind in ('write_off', 'credit', 'hold')",
            name="ck_write_off_requests_kind",
        ),
        sa.CheckConstraint(
            "state in ('asked', 'approved', 'rejected', 'done')",
            name="ck_write_off_requests_state",
        ),
        sa.PrimaryKeyConstraint("request_id", name="pk_write_off_requests"),
    )
    op.create_index("ix_write_off_requests_client_id", "write_off_requests", ["client_id"])
    op.create_index("ix_write_off_requests_state", "write_off_requests", ["state"])


def _rules() -> None:
    op.create_table(
        "collection_rules",
        sa.Column("version", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("rules", sa.JSON, nullable=False),
        sa.Column("made_by", sa.String, nullable=False),
        sa.Column("made_by_name", sa.String, nullable=False),
        sa.Column("made_at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("version", name="pk_collection_rules"),
    )


def _one_running(name: str, table: str, columns: list[str], condition: str) -> None:
    """Of the rows that meet the condition, one at a time."""
    where = sa.text(condition)
    op.create_index(name, table, columns, unique=True, sqlite_where=where, postgresql_where=where)
