"""Promises, notes, pauses, disputes and statements."""

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make these tables."""
