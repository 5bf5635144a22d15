"""What staff want to be told of, and how far the log has been read for it: the tables."""

from sqlalchemy import BigInteger, CheckConstraint, Column, String, Table

from portal.store.tables import metadata

alert_choices = Table(
    "alert_choices",
    metadata,
    Column("user_key", String, primary_key=True),
    Column("alert", String, primary_key=True),
    Column("whose", String, nullable=False),
    CheckConstraint("whose in ('mine', 'all')", name="whose"),
)

alert_marks = Table(
    "alert_marks",
    metadata,
    Column("log", String, primary_key=True),
    Column("seq", BigInteger, nullable=False),
)
