"""Open balances, saved methods and what the gateway tells by itself."""

import sqlalchemy as sa
from alembic import op

from portal.store.tables import UtcTime

revision = "0002a"
down_revision = "0001"


def upgrade() -> None:
    """Make these tables."""
    _balance_version()
    _gateway_customers()
    _money_numbers()
    _open_balances()
    _payment_methods()
    _webhook_events()
    _mandates()
    _method_pages()


def _balance_version() -> None:
    op.create_table(
        "balance_version",
        sa.Column("only_row", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.CheckConstraint("only_row = 1", name="ck_balance_version_one_row"),
        sa.PrimaryKeyConstraint("only_row", name="pk_balance_version"),
    )


def _gateway_customers() -> None:
    op.create_table(
        "gateway_customers",
        sa.Column("gateway", sa.String, nullable=False),
        sa.Column("client_id", sa.String, nullable=False),
        sa.Column("customer_ref", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("gateway", "client_id", name="pk_gateway_customers"),
    )


def _money_numbers() -> None:
    op.create_table(
        "money_numbers",
        sa.Column("name", sa.String, nullable=False),
        sa.Column("last_number", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_money_numbers"),
    )


def _open_balances() -> None:
    op.create_table(
        "open_balances",
        sa.Column("invoice_id", sa.String, nullable=False),
        sa.Column("client_id", sa.String, nullable=False),
        sa.Column("invoice_number", sa.String, nullable=False),
        sa.Column("entry_kind", sa.String, nullable=False),
        sa.Column("invoice_date", sa.Date, nullable=False),
        sa.Column("due_date", sa.Date),
        sa.Column("currency", sa.String, nullable=False),
        sa.Column("amount_cents", sa.BigInteger, nullable=False),
        sa.Column("open_cents", sa.BigInteger, nullable=False),
        sa.Column("is_disputed", sa.Boolean, nullable=False),
        sa.Column("partner_id", sa.String),
        sa.Column("manager_id", sa.String),
        sa.PrimaryKeyConstraint("invoice_id", name="pk_open_balances"),
    )
    op.create_index("ix_open_balances_client_id", "open_balances", ["client_id"])


def _method_pages() -> None:
    op.create_table(
        "method_pages",
        sa.Column("page_ref", sa.String, nullable=False),
        sa.Column("client_id", sa.String, nullable=False),
        sa.Column("portal_user_id", sa.String),
        sa.Column("opened_by", sa.String, nullable=False),
        sa.Column("address", sa.String, nullable=False),
        sa.Column("opened_at", UtcTime, nullable=False),
        sa.Column("closed_at", UtcTime),
        sa.PrimaryKeyConstraint("page_ref", name="pk_method_pages"),
    )
    op.create_index("ix_gateway_customers_customer_ref", "gateway_customers", ["customer_ref"])


def _payment_methods() -> None:
    op.create_table(
        "payment_methods",
        sa.Column("method_id", sa.String, nullable=False),
        sa.Column("client_id", sa.String, nullable=False),
        sa.Column("portal_user_id", sa.String),
        sa.Column("gateway", sa.String, nullable=False),
        sa.Column("customer_ref", sa.String, nullable=False),
        sa.Column("gateway_ref", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("brand", sa.String, nullable=False),
        sa.Column("last4", sa.String, nullable=False),
        sa.Column("exp_month", sa.Integer),
        sa.Column("exp_year", sa.Integer),
        sa.Column("holder_name", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("created_by", sa.String, nullable=False),
        sa.Column("created_at", UtcTime, nullable=False),
        sa.Column("removed_at", UtcTime),
        sa.CheckConstraint(
            "state in ('active', 'removed', 'expired')", name="ck_payment_methods_state"
        ),
        sa.CheckConstraint("length(last4) <= 4", name="ck_payment_methods_last_four_only"),
        sa.PrimaryKeyConstraint("method_id", name="pk_payment_methods"),
        sa.UniqueConstraint("gateway_ref", name="uq_payment_methods_gateway_ref"),
    )
    op.create_index("ix_payment_methods_client_id", "payment_methods", ["client_id"])


def _webhook_events() -> None:
    op.create_table(
        "webhook_events",
        sa.Column("event_id", sa.String, nullable=False),
        sa.Column("gateway", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("payment_ref", sa.String),
        sa.Column("refund_ref", sa.String),
        sa.Column("method_ref", sa.String),
        sa.Column("payout_ref", sa.String),
        sa.Column("happened_at", UtcTime, nullable=False),
        sa.Column("received_at", UtcTime, nullable=False),
        sa.Column("applied_at", UtcTime),
        sa.Column("outcome", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("event_id", name="pk_webhook_events"),
    )


def _mandates() -> None:
    op.create_table(
        "mandates",
        sa.Column("mandate_id", sa.String, nullable=False),
        sa.Column("method_id", sa.String, nullable=False),
        sa.Column("wording", sa.Text, nullable=False),
        sa.Column("wording_hash", sa.String, nullable=False),
        sa.Column("wording_version", sa.String, nullable=False),
        sa.Column("agreed_by", sa.String, nullable=False),
        sa.Column("agreed_at", UtcTime, nullable=False),
        sa.Column("address", sa.String, nullable=False),
        sa.Column("terms", sa.JSON, nullable=False),
        sa.Column("revoked_at", UtcTime),
        sa.Column("revoked_reason", sa.String),
        sa.ForeignKeyConstraint(
            ["method_id"], ["payment_methods.method_id"], name="fk_mandates_method_id"
        ),
        sa.PrimaryKeyConstraint("mandate_id", name="pk_mandates"),
    )
    op.create_index(
        "uq_mandates_standing",
        "mandates",
        ["method_id"],
        unique=True,
        **_where("revoked_at is null"),
    )


def _where(condition: str) -> dict[str, sa.TextClause]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}
