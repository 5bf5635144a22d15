"""Payments, refunds and disputes."""

import sqlalchemy as sa
from alembic import op

from portal.store.tables import UtcTime

revision = "0002b"
down_revision = "0002a"


def upgrade() -> None:
    """Make these tables."""
    _payments()
    _disputes()
    _payment_events()
    _payment_items()
    _refunds()
    _refund_items()


def _payments() -> None:
    op.create_table(
        "payments",
        sa.Column("payment_id", sa.String, nullable=False),
        sa.Column("action_no", sa.Integer, nullable=False),
        sa.Column("request_id", sa.String, nullable=False),
        sa.Column("fingerprint", sa.String, nullable=False),
        sa.Column("source", sa.String, nullable=False),
        sa.Column("client_id", sa.String),
        sa.Column("portal_user_id", sa.String),
        sa.Column("quick_link_id", sa.String),
        sa.Column("plan_id", sa.String),
        sa.Column("occurrence_id", sa.String),
        sa.Column("method_id", sa.String),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("brand", sa.String, nullable=False),
        sa.Column("last4", sa.String, nullable=False),
        sa.Column("currency", sa.String, nullable=False),
        sa.Column("amount_cents", sa.BigInteger, nullable=False),
        sa.Column("fee_cents", sa.BigInteger, nullable=False),
        sa.Column("captured_cents", sa.BigInteger, nullable=False),
        sa.Column("refunded_cents", sa.BigInteger, nullable=False),
        sa.Column("refunded_fee_cents", sa.BigInteger, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("gateway", sa.String, nullable=False),
        sa.Column("gateway_ref", sa.String),
        sa.Column("customer_ref", sa.String),
        sa.Column("page_ref", sa.String),
        sa.Column("gateway_key", sa.String, nullable=False),
        sa.Column("decline_code", sa.String),
        sa.Column("return_code", sa.String),
        sa.Column("taken_by", sa.String, nullable=False),
        sa.Column("payer_name", sa.String, nullable=False),
        sa.Column("payer_email", sa.String, nullable=False),
        sa.Column("receipt_emails", sa.JSON, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("created_at", UtcTime, nullable=False),
        sa.Column("captured_at", UtcTime),
        sa.Column("settled_at", UtcTime),
        sa.Column("updated_at", UtcTime, nullable=False),
        *_payment_rules(),
    )
    op.create_index("ix_payments_client_id", "payments", ["client_id"])
    op.create_index("ix_payments_state", "payments", ["state"])
    op.create_index(
        "uq_payments_occurrence",
        "payments",
        ["occurrence_id"],
        unique=True,
        **_where("occurrence_id is not null and state not in ('declined', 'voided', 'returned')"),
    )


def _payment_rules() -> tuple[sa.Constraint, ...]:
    return (
        sa.CheckConstraint(
            "(state <> 'refunded' or refunded_cents = captured_cents) and (state <> "
            "'succeeded' or (captured_cents = amount_cents and refunded_cents = 0)) and "
            "(state <> 'part_refunded' or refunded_cents > 0)",
            name="ck_payments_state_and_money_agree",
        ),
        sa.CheckConstraint(
            "captured_cents >= 0 and captured_cents <= amount_cents and (captured_cents = 0 "
            "or state in ('disputed', 'part_refunded', 'refunded', 'returned', 'succeeded'))",
            name="ck_payments_captured",
        ),
        sa.CheckConstraint(
            "client_id is not null or source = 'quick_link'", name="ck_payments_client"
        ),
        sa.CheckConstraint(
            "state in ('created', 'declined', 'disputed', 'part_refunded', 'pending', "
            "'processing', 'refunded', 'requires_action', 'returned', 'succeeded', "
            "'unknown', 'voided')",
            name="ck_payments_state",
        ),
        sa.CheckConstraint("amount_cents > 0 and fee_cents >= 0", name="ck_payments_amount"),
        sa.CheckConstraint("length(last4) <= 4", name="ck_payments_last_four_only"),
        sa.CheckConstraint(
            "refunded_cents >= 0 and refunded_cents <= captured_cents and refunded_fee_cents "
            ">= 0 and refunded_fee_cents <= fee_cents",
            name="ck_payments_refunded",
        ),
        sa.PrimaryKeyConstraint("payment_id", name="pk_payments"),
        sa.UniqueConstraint("action_no", name="uq_payments_action_no"),
        sa.UniqueConstraint("gateway_key", name="uq_payments_gateway_key"),
        sa.UniqueConstraint("gateway_ref", name="uq_payments_gateway_ref"),
        sa.UniqueConstraint("page_ref", name="uq_payments_page_ref"),
        sa.UniqueConstraint("request_id", name="uq_payments_request_id"),
    )


def _disputes() -> None:
    op.create_table(
        "disputes",
        sa.Column("dispute_id", sa.String, nullable=False),
        sa.Column("payment_id", sa.String, nullable=False),
        sa.Column("amount_cents", sa.BigInteger, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("opened_at", UtcTime, nullable=False),
        sa.Column("closed_at", UtcTime),
        sa.CheckConstraint("state in ('open', 'won', 'lost')", name="ck_disputes_state"),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payments.payment_id"], name="fk_disputes_payment_id"
        ),
        sa.PrimaryKeyConstraint("dispute_id", name="pk_disputes"),
    )
    op.create_index("ix_disputes_payment_id", "disputes", ["payment_id"])


def _payment_events() -> None:
    op.create_table(
        "payment_events",
        sa.Column("payment_id", sa.String, nullable=False),
        sa.Column("seq", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.Column("from_state", sa.String),
        sa.Column("to_state", sa.String, nullable=False),
        sa.Column("actor", sa.String, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("gateway_event_id", sa.String),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payments.payment_id"], name="fk_payment_events_payment_id"
        ),
        sa.PrimaryKeyConstraint("payment_id", "seq", name="pk_payment_events"),
    )


def _payment_items() -> None:
    op.create_table(
        "payment_items",
        sa.Column("item_id", sa.String, nullable=False),
        sa.Column("item_no", sa.Integer, nullable=False),
        sa.Column("payment_id", sa.String, nullable=False),
        sa.Column("invoice_id", sa.String),
        sa.Column("invoice_number", sa.String, nullable=False),
        sa.Column("cents", sa.BigInteger, nullable=False),
        sa.Column("refunded_cents", sa.BigInteger, nullable=False),
        sa.Column("posted_cents", sa.BigInteger, nullable=False),
        sa.Column("is_live", sa.Boolean, nullable=False),
        sa.CheckConstraint("cents > 0", name="ck_payment_items_cents"),
        sa.CheckConstraint(
            "posted_cents >= 0 and posted_cents <= cents", name="ck_payment_items_posted"
        ),
        sa.CheckConstraint(
            "refunded_cents >= 0 and refunded_cents <= cents", name="ck_payment_items_refunded"
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payments.payment_id"], name="fk_payment_items_payment_id"
        ),
        sa.PrimaryKeyConstraint("item_id", name="pk_payment_items"),
        sa.UniqueConstraint("item_no", name="uq_payment_items_item_no"),
    )
    op.create_index("ix_payment_items_invoice_id", "payment_items", ["invoice_id"])
    op.create_index("ix_payment_items_payment_id", "payment_items", ["payment_id"])
    op.create_index(
        "uq_payment_items_live_invoice",
        "payment_items",
        ["invoice_id"],
        unique=True,
        **_where("is_live and invoice_id is not null"),
    )


def _refunds() -> None:
    op.create_table(
        "refunds",
        sa.Column("refund_id", sa.String, nullable=False),
        sa.Column("action_no", sa.Integer, nullable=False),
        sa.Column("request_id", sa.String, nullable=False),
        sa.Column("fingerprint", sa.String, nullable=False),
        sa.Column("payment_id", sa.String, nullable=False),
        sa.Column("amount_cents", sa.BigInteger, nullable=False),
        sa.Column("fee_cents", sa.BigInteger, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("requested_by", sa.String, nullable=False),
        sa.Column("decided_by", sa.String),
        sa.Column("gateway_ref", sa.String),
        sa.Column("gateway_key", sa.String, nullable=False),
        sa.Column("created_at", UtcTime, nullable=False),
        sa.Column("updated_at", UtcTime, nullable=False),
        sa.CheckConstraint(
            "state in ('awaiting_approval', 'pending', 'succeeded', 'failed', 'unknown', "
            "'rejected')",
            name="ck_refunds_state",
        ),
        sa.CheckConstraint("amount_cents > 0 and fee_cents >= 0", name="ck_refunds_amount"),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payments.payment_id"], name="fk_refunds_payment_id"
        ),
        sa.PrimaryKeyConstraint("refund_id", name="pk_refunds"),
        sa.UniqueConstraint("action_no", name="uq_refunds_action_no"),
        sa.UniqueConstraint("gateway_key", name="uq_refunds_gateway_key"),
        sa.UniqueConstraint("gateway_ref", name="uq_refunds_gateway_ref"),
        sa.UniqueConstraint("request_id", name="uq_refunds_request_id"),
    )
    op.create_index("ix_refunds_payment_id", "refunds", ["payment_id"])
    op.create_index("ix_refunds_state", "refunds", ["state"])


def _refund_items() -> None:
    op.create_table(
        "refund_items",
        sa.Column("line_id", sa.String, nullable=False),
        sa.Column("item_no", sa.Integer, nullable=False),
        sa.Column("refund_id", sa.String, nullable=False),
        sa.Column("item_id", sa.String, nullable=False),
        sa.Column("cents", sa.BigInteger, nullable=False),
        sa.Column("is_posted", sa.Boolean, nullable=False),
        sa.CheckConstraint("cents > 0", name="ck_refund_items_cents"),
        sa.ForeignKeyConstraint(
            ["item_id"], ["payment_items.item_id"], name="fk_refund_items_item_id"
        ),
        sa.ForeignKeyConstraint(
            ["refund_id"], ["refunds.refund_id"], name="fk_refund_items_refund_id"
        ),
        sa.PrimaryKeyConstraint("line_id", name="pk_refund_items"),
        sa.UniqueConstraint("item_no", name="uq_refund_items_item_no"),
        sa.UniqueConstraint("refund_id", "item_id", name="uq_refund_items_refund_id_item_id"),
    )
    op.create_index("ix_refund_items_item_id", "refund_items", ["item_id"])


def _where(condition: str) -> dict[str, sa.TextClause]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}
