"""Payment plans, their occurrences, and who runs which job: the tables."""

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

_ONE_AUTOPAY = text("kind = 'autopay' and state in ('active', 'paused')")

plans = Table(
    "plans",
    metadata,
    Column("plan_id", String, primary_key=True),
    Column("request_id", String, nullable=False),
    Column("fingerprint", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("client_id", String, nullable=False),
    Column("portal_user_id", String),
    Column("name", String, nullable=False),
    Column("method_id", String, nullable=False),
    Column("currency", String, nullable=False),
    Column("amount_cents", BigInteger),
    Column("frequency", String),
    Column("start_date", Date, nullable=False),
    Column("end_date", Date),
    Column("occurrence_limit", Integer),
    Column("total_cents", BigInteger),
    Column("day_of_month", Integer),
    Column("monthly_cap_cents", BigInteger),
    Column("state", String, nullable=False),
    Column("paused_reason", String),
    Column("receipt_emails", JSON, nullable=False),
    Column("authorised_by", String, nullable=False),
    Column("authorised_text", Text, nullable=False),
    Column("created_by", String, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    UniqueConstraint("request_id"),
    CheckConstraint("kind in ('recurring', 'autopay', 'installment')", name="kind"),
    CheckConstraint("state in ('active', 'paused', 'ended', 'cancelled')", name="state"),
    CheckConstraint("amount_cents is null or amount_cents > 0", name="amount"),
    CheckConstraint("day_of_month is null or day_of_month between 1 and 31", name="day"),
    Index("uq_plans_autopay", "client_id", unique=True,
          sqlite_where=_ONE_AUTOPAY, postgresql_where=_ONE_AUTOPAY),
    Index(None, "client_id"),
)  # fmt: skip

plan_invoices = Table(
    "plan_invoices",
    metadata,
    Column("plan_id", String, ForeignKey("plans.plan_id"), primary_key=True),
    Column("invoice_id", String, primary_key=True),
    Column("cents", BigInteger, nullable=False),
    CheckConstraint("cents > 0", name="cents"),
    Index(None, "invoice_id"),
)

occurrences = Table(
    "occurrences",
    metadata,
    Column("occurrence_id", String, primary_key=True),
    Column("plan_id", String, ForeignKey("plans.plan_id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("due_date", Date, nullable=False),
    Column("amount_cents", BigInteger),
    Column("method_id", String),
    Column("state", String, nullable=False),
    Column("payment_id", String),
    Column("tries", Integer, nullable=False),
    Column("next_try_at", UtcTime),
    Column("reminded_at", UtcTime),
    UniqueConstraint("plan_id", "number"),
    CheckConstraint(
        "state in ('scheduled', 'skipped', 'running', 'processing', 'paid', 'failed', "
        "'cancelled', 'missed')",
        name="state",
    ),
    CheckConstraint("amount_cents is null or amount_cents > 0", name="amount"),
    CheckConstraint("tries >= 0", name="tries"),
    Index(None, "state", "due_date"),
)

leases = Table(
    "leases",
    metadata,
    Column("name", String, primary_key=True),
    Column("holder", String, nullable=False),
    Column("until", UtcTime, nullable=False),
    Column("fence", Integer, nullable=False),
)
