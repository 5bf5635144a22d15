"""The outbox, deliveries and received documents."""

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make these tables."""
