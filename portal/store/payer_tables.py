"""Portal users, their sessions, and links: the tables.

Migrations create them; a test compares the two.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from portal.store.tables import UtcTime, metadata

portal_users = Table(
    "portal_users",
    metadata,
    Column("portal_user_id", String, primary_key=True),
    Column("email", String, nullable=False),
    Column("full_name", String, nullable=False),
    Column("password_hash", String),
    Column("verified_at", UtcTime),
    Column("is_active", Boolean, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("last_sign_in_at", UtcTime),
    Column("receipt_emails", JSON, nullable=False),
    UniqueConstraint("email"),
)

portal_user_clients = Table(
    "portal_user_clients",
    metadata,
    Column("portal_user_id", String, primary_key=True),
    Column("client_id", String, primary_key=True),
    Column("linked_by", String, nullable=False),
    Column("linked_at", UtcTime, nullable=False),
    Index(None, "client_id"),
)

account_codes = Table(
    "account_codes",
    metadata,
    Column("code_hash", String, primary_key=True),
    Column("portal_user_id", String, nullable=False),
    Column("purpose", String, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Index(None, "portal_user_id"),
)

payer_sessions = Table(
    "payer_sessions",
    metadata,
    Column("session_id", String, primary_key=True),
    Column("entry", String, nullable=False),
    Column("client_id", String),
    Column("invoice_ids", JSON, nullable=False),
    Column("portal_user_id", String),
    Column("link_id", String),
    Column("staff_session_id", String),
    Column("may_set_password", Boolean, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("last_seen_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("revoked_at", UtcTime),
    Index(None, "portal_user_id"),
    Index(None, "link_id"),
)

handovers = Table(
    "handovers",
    metadata,
    Column("ticket_hash", String, primary_key=True),
    Column("entry", String, nullable=False),
    Column("client_id", String),
    Column("invoice_ids", JSON, nullable=False),
    Column("portal_user_id", String),
    Column("staff_session_id", String),
    Column("expires_at", UtcTime, nullable=False),
)

payer_attempts = Table(
    "payer_attempts",
    metadata,
    Column("attempt_id", String, primary_key=True),
    Column("door", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("address", String, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("has_succeeded", Boolean, nullable=False),
    Index(None, "door", "at"),
    Index(None, "at"),
)

pay_links = Table(
    "pay_links",
    metadata,
    Column("link_id", String, primary_key=True),
    Column("token_hash", String, nullable=False),
    Column("client_id", String, nullable=False),
    Column("invoice_ids", JSON, nullable=False),
    Column("email", String, nullable=False),
    Column("created_by", String, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("uses", Integer, nullable=False),
    Column("last_used_at", UtcTime),
    Column("revoked_at", UtcTime),
    Column("revoked_by", String),
    UniqueConstraint("token_hash"),
    Index(None, "client_id"),
)

quick_links = Table(
    "quick_links",
    metadata,
    Column("link_id", String, primary_key=True),
    Column("token_hash", String, nullable=False),
    Column("label", String, nullable=False),
    Column("description", Text, nullable=False),
    Column("currency", String, nullable=False),
    Column("amount_cents", BigInteger),
    Column("email", String, nullable=False),
    Column("company_name", String, nullable=False),
    Column("created_by", String, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime),
    Column("most_uses", Integer),
    Column("uses", Integer, nullable=False),
    Column("revoked_at", UtcTime),
    Column("revoked_by", String),
    UniqueConstraint("token_hash"),
)

payer_messages = Table(
    "payer_messages",
    metadata,
    Column("message_id", String, primary_key=True),
    Column("request_id", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("client_id", String, nullable=False),
    Column("invoice_id", String),
    Column("invoice_number", String, nullable=False),
    Column("text", Text, nullable=False),
    Column("promised_date", Date),
    Column("cents", BigInteger),
    Column("parts", Integer),
    Column("asked_by", String, nullable=False),
    Column("asked_name", String, nullable=False),
    Column("asked_email", String, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("state", String, nullable=False),
    Column("handled_by", String),
    Column("handled_by_name", String, nullable=False, server_default=""),
    Column("handled_at", UtcTime),
    Column("answer", Text),
    UniqueConstraint("request_id"),
    Index(None, "client_id", "created_at"),
    Index(None, "state"),
)
