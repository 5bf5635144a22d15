"""Notes of which rows changed, for the copies that lists read."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make these tables."""
    op.create_table(
        "store_changes",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False),
        sa.Column("table_name", sa.String, nullable=False),
        sa.Column("row_key", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_store_changes"),
    )
