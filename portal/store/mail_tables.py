"""The outbox, what became of each letter, and documents received: the tables.

Migrations create them; a test compares the two.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from portal.store.tables import UtcTime, metadata

_NUMBER = BigInteger().with_variant(Integer, "sqlite")

LETTER_STATES = (
    "state in ('review', 'queued', 'sending', 'sent', 'delivered', 'bounced', 'failed', "
    "'unsure', 'no_recipient', 'dropped')"
)
RECIPIENT_STATES = "state in ('waiting', 'sent', 'delivered', 'bounced', 'failed')"
DOCUMENT_STATES = "state in ('matched', 'superseded', 'unmatched', 'refused', 'dismissed')"

letters = Table(
    "letters",
    metadata,
    Column("seq", _NUMBER, primary_key=True),
    Column("letter_id", String, nullable=False),
    Column("dedupe_key", String, nullable=False),
    Column("message_id", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("client_id", String),
    Column("facts", JSON, nullable=False),
    Column("attachments", JSON, nullable=False),
    Column("pay_scope", JSON(none_as_null=True)),
    Column("secret_link", Text),
    Column("reply_to", String),
    Column("language", String, nullable=False),
    Column("created_by", String, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("resend_of", String),
    Column("state", String, nullable=False),
    Column("reason", Text),
    Column("subject", Text),
    Column("has_attachment", Boolean, nullable=False),
    Column("is_complete", Boolean, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("next_try_at", UtcTime),
    Column("claimed_by", String),
    Column("claimed_until", UtcTime),
    Column("sent_at", UtcTime),
    Column("delivered_at", UtcTime),
    Column("bounced_at", UtcTime),
    Column("opened_at", UtcTime),
    Column("clicked_at", UtcTime),
    Column("updated_at", UtcTime, nullable=False),
    UniqueConstraint("letter_id"),
    UniqueConstraint("dedupe_key"),
    UniqueConstraint("message_id"),
    CheckConstraint(LETTER_STATES, name="ck_letters_state"),
    Index(None, "state", "seq"),
    Index(None, "client_id", "seq"),
    Index(None, "updated_at"),
)

letter_recipients = Table(
    "letter_recipients",
    metadata,
    Column("letter_id", String, ForeignKey("letters.letter_id"), nullable=False),
    Column("address_key", String, nullable=False),
    Column("position", Integer, nullable=False),
    Column("address", String, nullable=False),
    Column("name", String, nullable=False),
    Column("role", String, nullable=False),
    Column("state", String, nullable=False),
    Column("is_hard", Boolean, nullable=False),
    Column("detail", Text, nullable=False),
    PrimaryKeyConstraint("letter_id", "address_key"),
    CheckConstraint(RECIPIENT_STATES, name="ck_letter_recipients_state"),
    Index(None, "address_key"),
)

letter_events = Table(
    "letter_events",
    metadata,
    Column("event_id", _NUMBER, primary_key=True),
    Column("letter_id", String, ForeignKey("letters.letter_id"), nullable=False),
    Column("event", String, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("address", String),
    Column("detail", Text, nullable=False),
    Index(None, "letter_id", "event_id"),
)

received_documents = Table(
    "received_documents",
    metadata,
    Column("document_id", String, primary_key=True),
    Column("source", String, nullable=False),
    Column("source_key", String, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("sender", Text, nullable=False),
    Column("sha256", String, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("dated", Date),
    Column("state", String, nullable=False),
    Column("reason", Text, nullable=False),
    Column("invoice_id", String),
    Column("invoice_number", String),
    Column("received_at", UtcTime, nullable=False),
    Column("decided_by", String),
    UniqueConstraint("source", "source_key"),
    CheckConstraint(DOCUMENT_STATES, name="ck_received_documents_state"),
    Index(None, "state", "received_at"),
    Index(None, "invoice_id"),
)
