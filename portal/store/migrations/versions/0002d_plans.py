"""Payment plans, their occurrences, and who runs which job."""

import sqlalchemy as sa
from alembic import op

from portal.store.tables import UtcTime

revision = "0002d"
down_revision = "0002c"


def upgrade() -> None:
    """Make these tables."""
    _leases()
    _job_runs()
    _plans()
    _occurrences()
    _plan_invoices()


def _job_runs() -> None:
    op.create_table(
        "job_runs",
        sa.Column("job", sa.String, nullable=False),
        sa.Column("due_at", UtcTime),
        sa.Column("started_at", UtcTime, nullable=False),
        sa.Column("finished_at", UtcTime),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("retry_at", UtcTime),
        sa.PrimaryKeyConstraint("job", name="pk_job_runs"),
    )


def _leases() -> None:
    op.create_table(
        "leases",
        sa.Column("name", sa.String, nullable=False),
        sa.Column("holder", sa.String, nullable=False),
        sa.Column("until", UtcTime, nullable=False),
        sa.Column("fence", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_leases"),
    )


def _plans() -> None:
    op.create_table(
        "plans",
        sa.Column("plan_id", sa.String, nullable=False),
        sa.Column("request_id", sa.String, nullable=False),
        sa.Column("fingerprint", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("client_id", sa.String, nullable=False),
        sa.Column("portal_user_id", sa.String),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("method_id", sa.String, nullable=False),
        sa.Column("currency", sa.String, nullable=False),
        sa.Column("amount_cents", sa.BigInteger),
        sa.Column("frequency", sa.String),
        sa.Column("start_date", sa.Date, nullable=False),
        sa.Column("end_date", sa.Date),
        sa.Column("occurrence_limit", sa.Integer),
        sa.Column("total_cents", sa.BigInteger),
        sa.Column("day_of_month", sa.Integer),
        sa.Column("monthly_cap_cents", sa.BigInteger),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("paused_reason", sa.String),
        sa.Column("receipt_emails", sa.JSON, nullable=False),
        sa.Column("authorised_by", sa.String, nullable=False),
        sa.Column("authorised_text", sa.Text, nullable=False),
        sa.Column("created_by", sa.String, nullable=False),
        sa.Column("created_at", UtcTime, nullable=False),
        sa.Column("updated_at", UtcTime, nullable=False),
        sa.CheckConstraint("kind in ('recurring', 'autopay', 'installment')", name="ck_plans_kind"),
        sa.CheckConstraint(
            "state in ('active', 'paused', 'ended', 'cancelled')", name="ck_plans_state"
        ),
        sa.CheckConstraint("amount_cents is null or amount_cents > 0", name="ck_plans_amount"),
        sa.CheckConstraint(
            "day_of_month is null or day_of_month between 1 and 31", name="ck_plans_day"
        ),
        sa.PrimaryKeyConstraint("plan_id", name="pk_plans"),
        sa.UniqueConstraint("request_id", name="uq_plans_request_id"),
    )
    op.create_index("ix_plans_client_id", "plans", ["client_id"])
    op.create_index(
        "uq_plans_autopay",
        "plans",
        ["client_id"],
        unique=True,
        **_where("kind = 'autopay' and state in ('active', 'paused')"),
    )


def _occurrences() -> None:
    op.create_table(
        "occurrences",
        sa.Column("occurrence_id", sa.String, nullable=False),
        sa.Column("plan_id", sa.String, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("due_date", sa.Date, nullable=False),
        sa.Column("amount_cents", sa.BigInteger),
        sa.Column("method_id", sa.String),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("payment_id", sa.String),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("next_try_at", UtcTime),
        sa.Column("reminded_at", UtcTime),
        sa.CheckConstraint(
            "state in ('scheduled', 'skipped', 'running', 'processing', 'paid', 'failed', "
            "'cancelled', 'missed')",
            name="ck_occurrences_state",
        ),
        sa.CheckConstraint(
            "amount_cents is null or amount_cents > 0", name="ck_occurrences_amount"
        ),
        sa.CheckConstraint("tries >= 0", name="ck_occurrences_tries"),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.plan_id"], name="fk_occurrences_plan_id"),
        sa.PrimaryKeyConstraint("occurrence_id", name="pk_occurrences"),
        sa.UniqueConstraint("plan_id", "number", name="uq_occurrences_plan_id_number"),
    )
    op.create_index("ix_occurrences_state_due_date", "occurrences", ["state", "due_date"])


def _plan_invoices() -> None:
    op.create_table(
        "plan_invoices",
        sa.Column("plan_id", sa.String, nullable=False),
        sa.Column("invoice_id", sa.String, nullable=False),
        sa.Column("cents", sa.BigInteger, nullable=False),
        sa.CheckConstraint("cents > 0", name="ck_plan_invoices_cents"),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.plan_id"], name="fk_plan_invoices_plan_id"),
        sa.PrimaryKeyConstraint("plan_id", "invoice_id", name="pk_plan_invoices"),
    )
    op.create_index("ix_plan_invoices_invoice_id", "plan_invoices", ["invoice_id"])


def _where(condition: str) -> dict[str, sa.TextClause]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}
