"""Payouts, daily payment files and the queue of exceptions: the tables."""

from sqlalchemy import (
    JSON,
    BigInteger,
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

_OPEN = text("resolved_at is null")

payouts = Table(
    "payouts",
    metadata,
    Column("payout_id", String, primary_key=True),
    Column("gateway", String, nullable=False),
    Column("gateway_ref", String, nullable=False),
    Column("paid_date", Date, nullable=False),
    Column("currency", String, nullable=False),
    Column("amount_cents", BigInteger, nullable=False),
    Column("fee_cents", BigInteger, nullable=False),
    Column("state", String, nullable=False),
    Column("closed_by", String),
    Column("closed_at", UtcTime),
    UniqueConstraint("gateway_ref"),
    CheckConstraint("state in ('open', 'closed')", name="state"),
    Index(None, "paid_date"),
)

payout_lines = Table(
    "payout_lines",
    metadata,
    Column("payout_id", String, ForeignKey("payouts.payout_id"), primary_key=True),
    Column("line_no", Integer, primary_key=True, autoincrement=False),
    Column("kind", String, nullable=False),
    Column("payment_id", String),
    Column("refund_id", String),
    Column("gross_cents", BigInteger, nullable=False),
    Column("fee_cents", BigInteger, nullable=False),
    Column("net_cents", BigInteger, nullable=False),
    CheckConstraint("kind in ('payment', 'refund', 'dispute', 'return', 'fee')", name="kind"),
    CheckConstraint("net_cents = gross_cents - fee_cents", name="net"),
    Index(None, "payment_id"),
)

payment_files = Table(
    "payment_files",
    metadata,
    Column("file_id", String, primary_key=True),
    Column("day", Date, nullable=False),
    Column("layout", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("sha256", String, nullable=False),
    Column("row_count", Integer, nullable=False),
    Column("total_cents", BigInteger, nullable=False),
    Column("path", String, nullable=False),
    Column("made_at", UtcTime, nullable=False),
    UniqueConstraint("day", "layout", "kind"),
    CheckConstraint("kind in ('invoice_payments', 'other_payments', 'deposit')", name="kind"),
)

filed_lines = Table(
    "filed_lines",
    metadata,
    Column("line_key", String, primary_key=True),
    Column("day", Date, nullable=False),
)

exceptions = Table(
    "exceptions",
    metadata,
    Column("exception_id", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("detail", JSON, nullable=False),
    Column("opened_at", UtcTime, nullable=False),
    Column("owner", String, nullable=False),
    Column("resolved_at", UtcTime),
    Column("resolved_by", String),
    Column("resolution", Text),
    Index("uq_exceptions_open", "kind", "subject", unique=True,
          sqlite_where=_OPEN, postgresql_where=_OPEN),
)  # fmt: skip
