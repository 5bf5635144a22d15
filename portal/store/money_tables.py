"""Open balances, saved methods and gateway events: the tables.

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
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from portal.store.tables import UtcTime, metadata

open_balances = Table(
    "open_balances",
    metadata,
    Column("invoice_id", String, primary_key=True),
    Column("client_id", String, nullable=False),
    Column("invoice_number", String, nullable=False),
    Column("entry_kind", String, nullable=False),
    Column("invoice_date", Date, nullable=False),
    Column("due_date", Date),
    Column("currency", String, nullable=False),
    Column("amount_cents", BigInteger, nullable=False),
    Column("open_cents", BigInteger, nullable=False),
    Column("is_disputed", Boolean, nullable=False),
    Column("partner_id", String),
    Column("manager_id", String),
    Index(None, "client_id"),
)

balance_version = Table(
    "balance_version",
    metadata,
    Column("only_row", Integer, primary_key=True, autoincrement=False),
    Column("version", BigInteger, nullable=False),
    Column("at", UtcTime, nullable=False),
    CheckConstraint("only_row = 1", name="one_row"),
)

money_numbers = Table(
    "money_numbers",
    metadata,
    Column("name", String, primary_key=True),
    Column("last_number", Integer, nullable=False),
)

gateway_customers = Table(
    "gateway_customers",
    metadata,
    Column("gateway", String, primary_key=True),
    Column("client_id", String, primary_key=True),
    Column("customer_ref", String, nullable=False),
    Index(None, "customer_ref"),
)

payment_methods = Table(
    "payment_methods",
    metadata,
    Column("method_id", String, primary_key=True),
    Column("client_id", String, nullable=False),
    Column("portal_user_id", String),
    Column("gateway", String, nullable=False),
    Column("customer_ref", String, nullable=False),
    Column("gateway_ref", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("brand", String, nullable=False),
    Column("last4", String, nullable=False),
    Column("exp_month", Integer),
    Column("exp_year", Integer),
    Column("holder_name", String, nullable=False),
    Column("state", String, nullable=False),
    Column("created_by", String, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("removed_at", UtcTime),
    UniqueConstraint("gateway_ref"),
    CheckConstraint("state in ('active', 'removed', 'expired')", name="state"),
    CheckConstraint("length(last4) <= 4", name="last_four_only"),
    Index(None, "client_id"),
)

method_pages = Table(
    "method_pages",
    metadata,
    Column("page_ref", String, primary_key=True),
    Column("client_id", String, nullable=False),
    Column("portal_user_id", String),
    Column("opened_by", String, nullable=False),
    Column("address", String, nullable=False),
    Column("opened_at", UtcTime, nullable=False),
    Column("closed_at", UtcTime),
)

mandates = Table(
    "mandates",
    metadata,
    Column("mandate_id", String, primary_key=True),
    Column("method_id", String, ForeignKey("payment_methods.method_id"), nullable=False),
    Column("wording", Text, nullable=False),
    Column("wording_hash", String, nullable=False),
    Column("wording_version", String, nullable=False),
    Column("agreed_by", String, nullable=False),
    Column("agreed_at", UtcTime, nullable=False),
    Column("address", String, nullable=False),
    Column("terms", JSON, nullable=False),
    Column("revoked_at", UtcTime),
    Column("revoked_reason", String),
    Index("uq_mandates_standing", "method_id", unique=True,
          sqlite_where=text("revoked_at is null"), postgresql_where=text("revoked_at is null")),
)  # fmt: skip

webhook_events = Table(
    "webhook_events",
    metadata,
    Column("event_id", String, primary_key=True),
    Column("gateway", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("payment_ref", String),
    Column("refund_ref", String),
    Column("method_ref", String),
    Column("payout_ref", String),
    Column("happened_at", UtcTime, nullable=False),
    Column("received_at", UtcTime, nullable=False),
    Column("applied_at", UtcTime),
    Column("outcome", String, nullable=False),
)
