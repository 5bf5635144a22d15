"""The tables of the store. Migrations create them; a test compares the two."""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    }
)


class UtcTime(TypeDecorator[datetime]):
    """An instant. It is refused without a time zone and comes back in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Write UTC; SQLite keeps no zone, so it gets none."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant without a time zone can't be stored")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Read UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


users = Table(
    "users",
    metadata,
    Column("user_key", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("user_name", String),
    Column("full_name", String, nullable=False),
    Column("email", String, nullable=False),
    Column("groups", JSON, nullable=False),
    Column("password_hash", String),
    Column("is_active", Boolean, nullable=False),
    UniqueConstraint("user_name"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("session_id", String, primary_key=True),
    Column("user_key", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("last_seen_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("revoked_at", UtcTime),
    Column("proof", String),
    Column("seen_as", String),
    UniqueConstraint("proof"),
    Index(None, "user_key"),
)

sign_in_tickets = Table(
    "sign_in_tickets",
    metadata,
    Column("ticket_hash", String, primary_key=True),
    Column("user_key", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("proof", String),
)

sign_in_attempts = Table(
    "sign_in_attempts",
    metadata,
    Column("attempt_id", String, primary_key=True),
    Column("account", String, nullable=False),
    Column("address", String, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("has_succeeded", Boolean, nullable=False),
    Index(None, "account", "at"),
    Index(None, "address", "at"),
)

grants = Table(
    "grants",
    metadata,
    Column("user_key", String, primary_key=True),
    Column("permission", String, primary_key=True),
    Column("until", UtcTime),
    Column("granted_by", String, nullable=False),
)

list_states = Table(
    "list_states",
    metadata,
    Column("user_key", String, primary_key=True),
    Column("list_name", String, primary_key=True),
    Column("state", JSON, nullable=False),
)

list_views = Table(
    "list_views",
    metadata,
    Column("view_id", String, primary_key=True),
    Column("list_name", String, nullable=False),
    Column("name", String, nullable=False),
    Column("owner", String, nullable=False),
    Column("is_shared", Boolean, nullable=False),
    Column("state", JSON, nullable=False),
    UniqueConstraint("list_name", "owner", "name"),
)

page_visits = Table(
    "page_visits",
    metadata,
    Column("user_key", String, primary_key=True),
    Column("page", String, primary_key=True),
    Column("previous_visit_at", UtcTime),
    Column("last_visit_at", UtcTime, nullable=False),
)

shown_clients = Table(
    "shown_clients",
    metadata,
    Column("client_id", String, primary_key=True),
)

audit_log = Table(
    "audit_log",
    metadata,
    Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("at", UtcTime, nullable=False),
    Column("actor", String, nullable=False),
    Column("action", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("detail", Text, nullable=False),
    Column("prev_hash", String, nullable=False),
    Column("hash", String, nullable=False),
)

store_changes = Table(
    "store_changes",
    metadata,
    Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("table_name", String, nullable=False),
    Column("row_key", String, nullable=False),
)
