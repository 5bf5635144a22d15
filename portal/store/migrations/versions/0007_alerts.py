"""What staff want to be told of by mail."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make these tables."""
    op.create_table(
        "alert_choices",
        sa.Column("user_key", sa.String, nullable=False),
        sa.Column("alert", sa.String, nullable=False),
        sa.Column("whose", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("user_key", "alert", name="pk_alert_choices"),
        sa.CheckConstraint("whose in ('mine', 'all')", name="ck_alert_choices_whose"),
    )
    op.create_table(
        "alert_marks",
        sa.Column("log", sa.String, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("log", name="pk_alert_marks"),
    )
