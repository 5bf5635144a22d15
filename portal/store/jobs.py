"""How each job ran last."""

from sqlalchemy import Connection

from portal.services.job_ports import JobRun
from portal.store.engine import insert_into
from portal.store.job_tables import job_runs
from portal.store.records import to_row
from portal.store.rows import Rows


class JobRunRows:
    """The job_runs table."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows = Rows(connection, job_runs, JobRun)

    def last(self, job: str) -> JobRun | None:
        """How a job ran last, whoever asked for it."""
        return self._rows.by(job_runs.c.job, job)

    def save(self, run: JobRun) -> None:
        """Keep how a job ran. Without a due instant the one that is kept stays as it was."""
        row = to_row(run)
        changed = {name: value for name, value in row.items() if name != "job"}
        if run.due_at is None:
            del changed["due_at"]
        insert = insert_into(self._connection, job_runs).values(row)
        self._connection.execute(insert.on_conflict_do_update(index_elements=["job"], set_=changed))
