"""Portal users, their sessions, and links."""

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make these tables."""
