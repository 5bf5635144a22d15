"""Payments, refunds and disputes: the tables. Wrong states cannot be written.

What a constraint cannot say is said by triggers in the migration: transitions outside
the table, items beyond the payment, refunds beyond what was captured.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from portal.domain.payment_states import CAPTURED, PaymentState
from portal.store.tables import UtcTime, metadata


def one_of(values: object) -> str:
    """The names of states as an SQL list."""
    return ", ".join(f"'{value}'" for value in sorted(values))  # type: ignore[call-overload]


_HAS_OCCURRENCE = text(
    "occurrence_id is not null and state not in ('declined', 'voided', 'returned')"
)
_IS_LIVE = text("is_live and invoice_id is not null")

payments = Table(
    "payments",
    metadata,
    Column("payment_id", String, primary_key=True),
    Column("action_no", Integer, nullable=False),
    Column("request_id", String, nullable=False),
    Column("fingerprint", String, nullable=False),
    Column("source", String, nullable=False),
    Column("client_id", String),
    Column("portal_user_id", String),
    Column("quick_link_id", String),
    Column("plan_id", String),
    Column("occurrence_id", String),
    Column("method_id", String),
    Column("kind", String, nullable=False),
    Column("brand", String, nullable=False),
    Column("last4", String, nullable=False),
    Column("currency", String, nullable=False),
    Column("amount_cents", BigInteger, nullable=False),
    Column("fee_cents", BigInteger, nullable=False),
    Column("captured_cents", BigInteger, nullable=False),
    Column("refunded_cents", BigInteger, nullable=False),
    Column("refunded_fee_cents", BigInteger, nullable=False),
    Column("state", String, nullable=False),
    Column("gateway", String, nullable=False),
    Column("gateway_ref", String),
    Column("customer_ref", String),
    Column("page_ref", String),
    Column("gateway_key", String, nullable=False),
    Column("decline_code", String),
    Column("return_code", String),
    Column("taken_by", String, nullable=False),
    Column("payer_name", String, nullable=False),
    Column("payer_email", String, nullable=False),
    Column("receipt_emails", JSON, nullable=False),
    Column("note", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("captured_at", UtcTime),
    Column("settled_at", UtcTime),
    Column("updated_at", UtcTime, nullable=False),
    UniqueConstraint("action_no"),
    UniqueConstraint("request_id"),
    UniqueConstraint("gateway_key"),
    UniqueConstraint("gateway_ref"),
    UniqueConstraint("page_ref"),
    CheckConstraint(f"state in ({one_of(PaymentState)})", name="state"),
    CheckConstraint("amount_cents > 0 and fee_cents >= 0", name="amount"),
    CheckConstraint(
        "captured_cents >= 0 and captured_cents <= amount_cents and "
        f"(captured_cents = 0 or state in ({one_of(CAPTURED)}))",
        name="captured",
    ),
    CheckConstraint(
        "refunded_cents >= 0 and refunded_cents <= captured_cents and "
        "refunded_fee_cents >= 0 and refunded_fee_cents <= fee_cents",
        name="refunded",
    ),
    CheckConstraint(
        "(state <> 'refunded' or refunded_cents = captured_cents) and "
        "(state <> 'succeeded' or (captured_cents = amount_cents and refunded_cents = 0)) and "
        "(state <> 'part_refunded' or refunded_cents > 0)",
        name="state_and_money_agree",
    ),
    CheckConstraint("client_id is not null or source = 'quick_link'", name="client"),
    CheckConstraint("length(last4) <= 4", name="last_four_only"),
    Index("uq_payments_occurrence", "occurrence_id", unique=True,
          sqlite_where=_HAS_OCCURRENCE, postgresql_where=_HAS_OCCURRENCE),
    Index(None, "client_id"),
    Index(None, "state"),
)  # fmt: skip

payment_items = Table(
    "payment_items",
    metadata,
    Column("item_id", String, primary_key=True),
    Column("item_no", Integer, nullable=False),
    Column("payment_id", String, ForeignKey("payments.payment_id"), nullable=False),
    Column("invoice_id", String),
    Column("invoice_number", String, nullable=False),
    Column("cents", BigInteger, nullable=False),
    Column("refunded_cents", BigInteger, nullable=False),
    Column("posted_cents", BigInteger, nullable=False),
    Column("is_live", Boolean, nullable=False),
    UniqueConstraint("item_no"),
    CheckConstraint("cents > 0", name="cents"),
    CheckConstraint("refunded_cents >= 0 and refunded_cents <= cents", name="refunded"),
    CheckConstraint("posted_cents >= 0 and posted_cents <= cents", name="posted"),
    Index("uq_payment_items_live_invoice", "invoice_id", unique=True,
          sqlite_where=_IS_LIVE, postgresql_where=_IS_LIVE),
    Index(None, "payment_id"),
    Index(None, "invoice_id"),
)  # fmt: skip

payment_events = Table(
    "payment_events",
    metadata,
    Column("payment_id", String, ForeignKey("payments.payment_id"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcTime, nullable=False),
    Column("from_state", String),
    Column("to_state", String, nullable=False),
    Column("actor", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("gateway_event_id", String),
)

refunds = Table(
    "refunds",
    metadata,
    Column("refund_id", String, primary_key=True),
    Column("action_no", Integer, nullable=False),
    Column("request_id", String, nullable=False),
    Column("fingerprint", String, nullable=False),
    Column("payment_id", String, ForeignKey("payments.payment_id"), nullable=False),
    Column("amount_cents", BigInteger, nullable=False),
    Column("fee_cents", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Column("state", String, nullable=False),
    Column("requested_by", String, nullable=False),
    Column("decided_by", String),
    Column("gateway_ref", String),
    Column("gateway_key", String, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    UniqueConstraint("action_no"),
    UniqueConstraint("request_id"),
    UniqueConstraint("gateway_ref"),
    UniqueConstraint("gateway_key"),
    CheckConstraint("amount_cents > 0 and fee_cents >= 0", name="amount"),
    CheckConstraint(
        "state in ('awaiting_approval', 'pending', 'succeeded', 'failed', 'unknown', 'rejected')",
        name="state",
    ),
    Index(None, "payment_id"),
    Index(None, "state"),
)

refund_items = Table(
    "refund_items",
    metadata,
    Column("line_id", String, primary_key=True),
    Column("item_no", Integer, nullable=False),
    Column("refund_id", String, ForeignKey("refunds.refund_id"), nullable=False),
    Column("item_id", String, ForeignKey("payment_items.item_id"), nullable=False),
    Column("cents", BigInteger, nullable=False),
    Column("is_posted", Boolean, nullable=False),
    UniqueConstraint("item_no"),
    UniqueConstraint("refund_id", "item_id"),
    CheckConstraint("cents > 0", name="cents"),
    Index(None, "item_id"),
)

disputes = Table(
    "disputes",
    metadata,
    Column("dispute_id", String, primary_key=True),
    Column("payment_id", String, ForeignKey("payments.payment_id"), nullable=False),
    Column("amount_cents", BigInteger, nullable=False),
    Column("reason", String, nullable=False),
    Column("state", String, nullable=False),
    Column("opened_at", UtcTime, nullable=False),
    Column("closed_at", UtcTime),
    CheckConstraint("state in ('open', 'won', 'lost')", name="state"),
    Index(None, "payment_id"),
)
