"""The refresh log: what each refresh did, how long its steps took, and why one failed."""

import contextlib
import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import duckdb

from portal.domain.errors import MappingInvalid, PortalError

LOG_ROWS = 5_000


class Steps:
    """Times the steps of a refresh and tells the person who waits."""

    def __init__(self, now: Callable[[], datetime], progress: Callable[[str], None]) -> None:
        self.started_at = now()
        self.seconds: dict[str, float] = {}
        self.progress = progress
        self._now = now
        self._started = time.perf_counter()

    @contextlib.contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        """One step."""
        self.progress(name)
        started = time.perf_counter()
        yield
        self.seconds[name] = round(time.perf_counter() - started, 4)

    def elapsed(self) -> float:
        """Seconds since the refresh began."""
        return round(time.perf_counter() - self._started, 4)

    def row(self, **facts: object) -> dict[str, object]:
        """A row of the log with the times filled in."""
        return {
            "started_at": utc(self.started_at),
            "finished_at": utc(self._now()),
            "seconds": self.elapsed(),
            **facts,
        }


def log_done(
    con: duckdb.DuckDBPyConnection, steps: Steps, *, kind: str, version: int, changed_rows: int,
    detail: dict[str, object],
) -> None:  # fmt: skip
    """Log a refresh that changed something, in its own transaction."""
    row = steps.row(
        kind=kind,
        outcome="done",
        version=version,
        changed_rows=changed_rows,
        detail=json.dumps(detail | {"seconds": steps.seconds}),
        message="",
    )
    _insert(con, row)


def log_failure(con: duckdb.DuckDBPyConnection, steps: Steps, problem: PortalError) -> None:
    """Log a failure, the first of a row of equal ones: an hour's outage is one line."""
    last = con.execute(
        "select outcome, message from refresh_log order by refresh_id desc limit 1"
    ).fetchone()
    if last == ("failed", str(problem)):
        return
    version = con.execute("select version from data_version").fetchone()[0]
    row = steps.row(
        kind="mapping" if isinstance(problem, MappingInvalid) else "incremental",
        outcome="failed",
        version=version,
        changed_rows=0,
        detail="{}",
        message=str(problem),
    )
    _insert(con, row)


def utc(moment: datetime) -> datetime:
    """An instant as the warehouse keeps it: UTC without a zone."""
    return moment.astimezone(UTC).replace(tzinfo=None)


def _insert(con: duckdb.DuckDBPyConnection, row: dict[str, object]) -> None:
    con.execute(
        "insert into refresh_log by name select "
        "(select coalesce(max(refresh_id), 0) + 1 from refresh_log) as refresh_id, "
        + ", ".join(f"${name} as {name}" for name in row),
        row,
    )
    con.execute(
        "delete from refresh_log where refresh_id <= "
        f"(select max(refresh_id) - {LOG_ROWS} from refresh_log)"
    )
