"""The outbox, deliveries and received documents."""

import sqlalchemy as sa
from alembic import op

from portal.store.tables import UtcTime

revision = "0003"
down_revision = "0002"

_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make these tables."""
    _letters()
    _recipients_and_events()
    _received_documents()


def _letters() -> None:
    op.create_table(
        "letters",
        sa.Column("seq", _NUMBER, nullable=False),
        sa.Column("letter_id", sa.String, nullable=False),
        sa.Column("dedupe_key", sa.String, nullable=False),
        sa.Column("message_id", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("client_id", sa.String),
        sa.Column("facts", sa.JSON, nullable=False),
        sa.Column("attachments", sa.JSON, nullable=False),
        sa.Column("pay_scope", sa.JSON),
        sa.Column("secret_link", sa.Text),
        sa.Column("reply_to", sa.String),
        sa.Column("language", sa.String, nullable=False),
        sa.Column("created_by", sa.String, nullable=False),
        sa.Column("created_at", UtcTime, nullable=False),
        sa.Column("resend_of", sa.String),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("subject", sa.Text),
        sa.Column("has_attachment", sa.Boolean, nullable=False),
        sa.Column("is_complete", sa.Boolean, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("next_try_at", UtcTime),
        sa.Column("claimed_by", sa.String),
        sa.Column("claimed_until", UtcTime),
        sa.Column("sent_at", UtcTime),
        sa.Column("delivered_at", UtcTime),
        sa.Column("bounced_at", UtcTime),
        sa.Column("opened_at", UtcTime),
        sa.Column("clicked_at", UtcTime),
        sa.Column("updated_at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_letters"),
        sa.UniqueConstraint("letter_id", name="uq_letters_letter_id"),
        sa.UniqueConstraint("dedupe_key", name="uq_letters_dedupe_key"),
        sa.UniqueConstraint("message_id", name="uq_letters_message_id"),
        sa.CheckConstraint(
            "state in ('review', 'queued', 'sending', 'sent', 'delivered', 'bounced', 'failed', "
            "'unsure', 'no_recipient', 'dropped')",
            name="ck_letters_state",
        ),
    )
    op.create_index("ix_letters_state_seq", "letters", ["state", "seq"])
    op.create_index("ix_letters_client_id_seq", "letters", ["client_id", "seq"])
    op.create_index("ix_letters_updated_at", "letters", ["updated_at"])


def _recipients_and_events() -> None:
    op.create_table(
        "letter_recipients",
        sa.Column("letter_id", sa.String, sa.ForeignKey("letters.letter_id"), nullable=False),
        sa.Column("address_key", sa.String, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("address", sa.String, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("role", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("is_hard", sa.Boolean, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("letter_id", "address_key", name="pk_letter_recipients"),
        sa.CheckConstraint(
            "state in ('waiting', 'sent', 'delivered', 'bounced', 'failed')",
            name="ck_letter_recipients_state",
        ),
    )
    op.create_index("ix_letter_recipients_address_key", "letter_recipients", ["address_key"])
    op.create_table(
        "letter_events",
        sa.Column("event_id", _NUMBER, nullable=False),
        sa.Column("letter_id", sa.String, sa.ForeignKey("letters.letter_id"), nullable=False),
        sa.Column("event", sa.String, nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.Column("address", sa.String),
        sa.Column("detail", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("event_id", name="pk_letter_events"),
    )
    op.create_index(
        "ix_letter_events_letter_id_event_id", "letter_events", ["letter_id", "event_id"]
    )


def _received_documents() -> None:
    op.create_table(
        "received_documents",
        sa.Column("document_id", sa.String, nullable=False),
        sa.Column("source", sa.String, nullable=False),
        sa.Column("source_key", sa.String, nullable=False),
        sa.Column("file_name", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("sender", sa.Text, nullable=False),
        sa.Column("sha256", sa.String, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("dated", sa.Date),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("invoice_id", sa.String),
        sa.Column("invoice_number", sa.String),
        sa.Column("received_at", UtcTime, nullable=False),
        sa.Column("decided_by", sa.String),
        sa.PrimaryKeyConstraint("document_id", name="pk_received_documents"),
        sa.UniqueConstraint("source", "source_key", name="uq_received_documents_source_source_key"),
        sa.CheckConstraint(
            "state in ('matched', 'superseded', 'unmatched', 'refused', 'dismissed')",
            name="ck_received_documents_state",
        ),
    )
    op.create_index(
        "ix_received_documents_state_received_at", "received_documents", ["state", "received_at"]
    )
    op.create_index("ix_received_documents_invoice_id", "received_documents", ["invoice_id"])
