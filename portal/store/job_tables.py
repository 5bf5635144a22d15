"""How each job ran last: the table. Leases are with the plans."""

from sqlalchemy import Column, Integer, String, Table, Text

from portal.store.tables import UtcTime, metadata

job_runs = Table(
    "job_runs",
    metadata,
    Column("job", String, primary_key=True),
    Column("due_at", UtcTime),
    Column("started_at", UtcTime, nullable=False),
    Column("finished_at", UtcTime),
    Column("outcome", Text, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("retry_at", UtcTime),
)
