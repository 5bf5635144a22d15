"""Sign-in, lists as people keep them, and the audit log."""

import sqlalchemy as sa
from alembic import op

from portal.store.tables import UtcTime

revision = "0001"
down_revision = None

REFUSAL = "the audit log can only grow"


def upgrade() -> None:
    """Make the first tables."""
    _who_may_come_in()
    _who_is_in()
    _how_lists_are_kept()
    _audit_log()


def _who_may_come_in() -> None:
    op.create_table(
        "users",
        sa.Column("user_key", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("user_name", sa.String),
        sa.Column("full_name", sa.String, nullable=False),
        sa.Column("email", sa.String, nullable=False),
        sa.Column("groups", sa.JSON, nullable=False),
        sa.Column("password_hash", sa.String),
        sa.Column("is_active", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("user_key", name="pk_users"),
        sa.UniqueConstraint("user_name", name="uq_users_user_name"),
    )
    op.create_table(
        "grants",
        sa.Column("user_key", sa.String, nullable=False),
        sa.Column("permission", sa.String, nullable=False),
        sa.Column("until", UtcTime),
        sa.Column("granted_by", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("user_key", "permission", name="pk_grants"),
    )
    op.create_table(
        "sign_in_attempts",
        sa.Column("attempt_id", sa.String, nullable=False),
        sa.Column("account", sa.String, nullable=False),
        sa.Column("address", sa.String, nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.Column("has_succeeded", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("attempt_id", name="pk_sign_in_attempts"),
    )
    op.create_index("ix_sign_in_attempts_account_at", "sign_in_attempts", ["account", "at"])
    op.create_index("ix_sign_in_attempts_address_at", "sign_in_attempts", ["address", "at"])


def _who_is_in() -> None:
    op.create_table(
        "sessions",
        sa.Column("session_id", sa.String, nullable=False),
        sa.Column("user_key", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("created_at", UtcTime, nullable=False),
        sa.Column("last_seen_at", UtcTime, nullable=False),
        sa.Column("expires_at", UtcTime, nullable=False),
        sa.Column("revoked_at", UtcTime),
        sa.Column("proof", sa.String),
        sa.Column("seen_as", sa.String),
        sa.PrimaryKeyConstraint("session_id", name="pk_sessions"),
        sa.UniqueConstraint("proof", name="uq_sessions_proof"),
    )
    op.create_index("ix_sessions_user_key", "sessions", ["user_key"])
    op.create_table(
        "sign_in_tickets",
        sa.Column("ticket_hash", sa.String, nullable=False),
        sa.Column("user_key", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("expires_at", UtcTime, nullable=False),
        sa.Column("proof", sa.String),
        sa.PrimaryKeyConstraint("ticket_hash", name="pk_sign_in_tickets"),
    )


def _how_lists_are_kept() -> None:
    op.create_table(
        "list_states",
        sa.Column("user_key", sa.String, nullable=False),
        sa.Column("list_name", sa.String, nullable=False),
        sa.Column("state", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("user_key", "list_name", name="pk_list_states"),
    )
    op.create_table(
        "list_views",
        sa.Column("view_id", sa.String, nullable=False),
        sa.Column("list_name", sa.String, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("owner", sa.String, nullable=False),
        sa.Column("is_shared", sa.Boolean, nullable=False),
        sa.Column("state", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("view_id", name="pk_list_views"),
        sa.UniqueConstraint(
            "list_name", "owner", "name", name="uq_list_views_list_name_owner_name"
        ),
    )
    op.create_table(
        "page_visits",
        sa.Column("user_key", sa.String, nullable=False),
        sa.Column("page", sa.String, nullable=False),
        sa.Column("previous_visit_at", UtcTime),
        sa.Column("last_visit_at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("user_key", "page", name="pk_page_visits"),
    )
    op.create_table(
        "shown_clients",
        sa.Column("client_id", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("client_id", name="pk_shown_clients"),
    )


def _audit_log() -> None:
    op.create_table(
        "audit_log",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.Column("actor", sa.String, nullable=False),
        sa.Column("action", sa.String, nullable=False),
        sa.Column("subject", sa.String, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("prev_hash", sa.String, nullable=False),
        sa.Column("hash", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_audit_log"),
    )
    if op.get_bind().dialect.name == "postgresql":
        _refuse_changes_on_postgresql()
    else:
        for change in ("update", "delete"):
            op.execute(
                f"create trigger audit_log_refuses_{change} before {change} on audit_log "
                f"begin select raise(abort, '{REFUSAL}'); end"
            )


def _refuse_changes_on_postgresql() -> None:
    op.execute(
        "create function refuse_audit_change() returns trigger language plpgsql as "
        f"$$ begin raise exception '{REFUSAL}'; end $$"
    )
    op.execute(
        "create trigger audit_log_refuses_change before update or delete on audit_log "
        "for each row execute function refuse_audit_change()"
    )
    op.execute(
        "create trigger audit_log_refuses_truncate before truncate on audit_log "
        "for each statement execute function refuse_audit_change()"
    )
