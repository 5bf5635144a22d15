"""Payouts, daily payment files and the queue of exceptions."""

import sqlalchemy as sa
from alembic import op

from portal.store.tables import UtcTime

revision = "0002"
down_revision = "0002d"


def upgrade() -> None:
    """Make these tables."""
    _exceptions()
    _payment_files()
    _filed_lines()
    _payouts()
    _payout_lines()


def _exceptions() -> None:
    op.create_table(
        "exceptions",
        sa.Column("exception_id", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("subject", sa.String, nullable=False),
        sa.Column("detail", sa.JSON, nullable=False),
        sa.Column("opened_at", UtcTime, nullable=False),
        sa.Column("owner", sa.String, nullable=False),
        sa.Column("resolved_at", UtcTime),
        sa.Column("resolved_by", sa.String),
        sa.Column("resolution", sa.Text),
        sa.PrimaryKeyConstraint("exception_id", name="pk_exceptions"),
    )
    op.create_index(
        "uq_exceptions_open",
        "exceptions",
        ["kind", "subject"],
        unique=True,
        **_where("resolved_at is null"),
    )


def _payment_files() -> None:
    op.create_table(
        "payment_files",
        sa.Column("file_id", sa.String, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("layout", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("sha256", sa.String, nullable=False),
        sa.Column("row_count", sa.Integer, nullable=False),
        sa.Column("total_cents", sa.BigInteger, nullable=False),
        sa.Column("path", sa.String, nullable=False),
        sa.Column("made_at", UtcTime, nullable=False),
        sa.CheckConstraint(
            "kind in ('invoice_payments', 'other_payments', 'deposit')",
            name="ck_payment_files_kind",
        ),
        sa.PrimaryKeyConstraint("file_id", name="pk_payment_files"),
        sa.UniqueConstraint("day", "layout", "kind", name="uq_payment_files_day_layout_kind"),
    )


def _filed_lines() -> None:
    op.create_table(
        "filed_lines",
        sa.Column("line_key", sa.String, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.PrimaryKeyConstraint("line_key", name="pk_filed_lines"),
    )


def _payouts() -> None:
    op.create_table(
        "payouts",
        sa.Column("payout_id", sa.String, nullable=False),
        sa.Column("gateway", sa.String, nullable=False),
        sa.Column("gateway_ref", sa.String, nullable=False),
        sa.Column("paid_date", sa.Date, nullable=False),
        sa.Column("currency", sa.String, nullable=False),
        sa.Column("amount_cents", sa.BigInteger, nullable=False),
        sa.Column("fee_cents", sa.BigInteger, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("closed_by", sa.String),
        sa.Column("closed_at", UtcTime),
        sa.CheckConstraint("state in ('open', 'closed')", name="ck_payouts_state"),
        sa.PrimaryKeyConstraint("payout_id", name="pk_payouts"),
        sa.UniqueConstraint("gateway_ref", name="uq_payouts_gateway_ref"),
    )
    op.create_index("ix_payouts_paid_date", "payouts", ["paid_date"])


def _payout_lines() -> None:
    op.create_table(
        "payout_lines",
        sa.Column("payout_id", sa.String, nullable=False),
        sa.Column("line_no", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("payment_id", sa.String),
        sa.Column("refund_id", sa.String),
        sa.Column("gross_cents", sa.BigInteger, nullable=False),
        sa.Column("fee_cents", sa.BigInteger, nullable=False),
        sa.Column("net_cents", sa.BigInteger, nullable=False),
        sa.CheckConstraint(
            "kind in ('payment', 'refund', 'dispute', 'return', 'fee')", name="ck_payout_lines_kind"
        ),
        sa.CheckConstraint("net_cents = gross_cents - fee_cents", name="ck_payout_lines_net"),
        sa.ForeignKeyConstraint(
            ["payout_id"], ["payouts.payout_id"], name="fk_payout_lines_payout_id"
        ),
        sa.PrimaryKeyConstraint("payout_id", "line_no", name="pk_payout_lines"),
    )
    op.create_index("ix_payout_lines_payment_id", "payout_lines", ["payment_id"])


def _where(condition: str) -> dict[str, sa.TextClause]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}
