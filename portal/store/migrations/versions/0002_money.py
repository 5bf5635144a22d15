"""Payments, plans, refunds and payouts."""

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make these tables."""
