"""Portal users, their sessions, and links."""

import sqlalchemy as sa
from alembic import op

from portal.store.tables import UtcTime

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make these tables."""
    _accounts()
    _visits()
    _links()
    _asks()


def _accounts() -> None:
    op.create_table(
        "portal_users",
        sa.Column("portal_user_id", sa.String, nullable=False),
        sa.Column("email", sa.String, nullable=False),
        sa.Column("full_name", sa.String, nullable=False),
        sa.Column("password_hash", sa.String),
        sa.Column("verified_at", UtcTime),
        sa.Column("is_active", sa.Boolean, nullable=False),
        sa.Column("created_at", UtcTime, nullable=False),
        sa.Column("last_sign_in_at", UtcTime),
        sa.Column("receipt_emails", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("portal_user_id", name="pk_portal_users"),
        sa.UniqueConstraint("email", name="uq_portal_users_email"),
    )
    op.create_table(
        "portal_user_clients",
        sa.Column("portal_user_id", sa.String, nullable=False),
        sa.Column("client_id", sa.String, nullable=False),
        sa.Column("linked_by", sa.String, nullable=False),
        sa.Column("linked_at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("portal_user_id", "client_id", name="pk_portal_user_clients"),
    )
    op.create_index("ix_portal_user_clients_client_id", "portal_user_clients", ["client_id"])
    op.create_table(
        "account_codes",
        sa.Column("code_hash", sa.String, nullable=False),
        sa.Column("portal_user_id", sa.String, nullable=False),
        sa.Column("purpose", sa.String, nullable=False),
        sa.Column("expires_at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("code_hash", name="pk_account_codes"),
    )
    op.create_index("ix_account_codes_portal_user_id", "account_codes", ["portal_user_id"])


def _visits() -> None:
    op.create_table(
        "payer_sessions",
        sa.Column("session_id", sa.String, nullable=False),
        sa.Column("entry", sa.String, nullable=False),
        sa.Column("client_id", sa.String),
        sa.Column("invoice_ids", sa.JSON, nullable=False),
        sa.Column("portal_user_id", sa.String),
        sa.Column("link_id", sa.String),
        sa.Column("staff_session_id", sa.String),
        sa.Column("may_set_password", sa.Boolean, nullable=False),
        sa.Column("created_at", UtcTime, nullable=False),
        sa.Column("last_seen_at", UtcTime, nullable=False),
        sa.Column("expires_at", UtcTime, nullable=False),
        sa.Column("revoked_at", UtcTime),
        sa.PrimaryKeyConstraint("session_id", name="pk_payer_sessions"),
    )
    op.create_index("ix_payer_sessions_portal_user_id", "payer_sessions", ["portal_user_id"])
    op.create_index("ix_payer_sessions_link_id", "payer_sessions", ["link_id"])
    op.create_table(
        "handovers",
        sa.Column("ticket_hash", sa.String, nullable=False),
        sa.Column("entry", sa.String, nullable=False),
        sa.Column("client_id", sa.String),
        sa.Column("invoice_ids", sa.JSON, nullable=False),
        sa.Column("portal_user_id", sa.String),
        sa.Column("staff_session_id", sa.String),
        sa.Column("expires_at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("ticket_hash", name="pk_handovers"),
    )
    op.create_table(
        "payer_attempts",
        sa.Column("attempt_id", sa.String, nullable=False),
        sa.Column("door", sa.String, nullable=False),
        sa.Column("subject", sa.String, nullable=False),
        sa.Column("address", sa.String, nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.Column("has_succeeded", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("attempt_id", name="pk_payer_attempts"),
    )
    op.create_index("ix_payer_attempts_door_at", "payer_attempts", ["door", "at"])
    op.create_index("ix_payer_attempts_at", "payer_attempts", ["at"])


def _links() -> None:
    op.create_table(
        "pay_links",
        sa.Column("link_id", sa.String, nullable=False),
        sa.Column("token_hash", sa.String, nullable=False),
        sa.Column("client_id", sa.String, nullable=False),
        sa.Column("invoice_ids", sa.JSON, nullable=False),
        sa.Column("email", sa.String, nullable=False),
        sa.Column("created_by", sa.String, nullable=False),
        sa.Column("created_at", UtcTime, nullable=False),
        sa.Column("expires_at", UtcTime, nullable=False),
        sa.Column("uses", sa.Integer, nullable=False),
        sa.Column("last_used_at", UtcTime),
        sa.Column("revoked_at", UtcTime),
        sa.Column("revoked_by", sa.String),
        sa.PrimaryKeyConstraint("link_id", name="pk_pay_links"),
        sa.UniqueConstraint("token_hash", name="uq_pay_links_token_hash"),
    )
    op.create_index("ix_pay_links_client_id", "pay_links", ["client_id"])
    op.create_table(
        "quick_links",
        sa.Column("link_id", sa.String, nullable=False),
        sa.Column("token_hash", sa.String, nullable=False),
        sa.Column("label", sa.String, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("currency", sa.String, nullable=False),
        sa.Column("amount_cents", sa.BigInteger),
        sa.Column("email", sa.String, nullable=False),
        sa.Column("company_name", sa.String, nullable=False),
        sa.Column("created_by", sa.String, nullable=False),
        sa.Column("created_at", UtcTime, nullable=False),
        sa.Column("expires_at", UtcTime),
        sa.Column("most_uses", sa.Integer),
        sa.Column("uses", sa.Integer, nullable=False),
        sa.Column("revoked_at", UtcTime),
        sa.Column("revoked_by", sa.String),
        sa.PrimaryKeyConstraint("link_id", name="pk_quick_links"),
        sa.UniqueConstraint("token_hash", name="uq_quick_links_token_hash"),
    )


def _asks() -> None:
    op.create_table(
        "payer_messages",
        sa.Column("message_id", sa.String, nullable=False),
        sa.Column("request_id", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("client_id", sa.String, nullable=False),
        sa.Column("invoice_id", sa.String),
        sa.Column("invoice_number", sa.String, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("promised_date", sa.Date),
        sa.Column("cents", sa.BigInteger),
        sa.Column("parts", sa.Integer),
        sa.Column("asked_by", sa.String, nullable=False),
        sa.Column("asked_name", sa.String, nullable=False),
        sa.Column("asked_email", sa.String, nullable=False),
        sa.Column("created_at", UtcTime, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("handled_by", sa.String),
        sa.Column("handled_by_name", sa.String, nullable=False, server_default=""),
        sa.Column("handled_at", UtcTime),
        sa.Column("answer", sa.Text),
        sa.PrimaryKeyConstraint("message_id", name="pk_payer_messages"),
        sa.UniqueConstraint("request_id", name="uq_payer_messages_request_id"),
    )
    op.create_index(
        "ix_payer_messages_client_id_created_at", "payer_messages", ["client_id", "created_at"]
    )
    op.create_index("ix_payer_messages_state", "payer_messages", ["state"])
