"""The practice system's own program at work: it changes its database from another process.

Two SQLite libraries in one process would drop each other's locks.
"""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from portal.pms.sample_firm.tick import tick_sample_firm
from tests.warm_process import run_warm


def in_another_process(database: Path | str, statement: str) -> None:
    """Change the source by one statement."""
    done = run_warm(_execute, str(database), statement, seconds=60)
    assert done.returncode == 0, done.stderr


def tick(database: Path, changes: int, seed: int) -> None:
    """Post some changes to the sample firm."""
    now = datetime(2026, 11, 20, 15, tzinfo=UTC) + timedelta(hours=seed % 48)
    done = run_warm(_tick, database, changes, now, seed, seconds=60)
    assert done.returncode == 0, done.stderr


def _execute(database: str, statement: str) -> None:
    with closing(sqlite3.connect(database, timeout=20, isolation_level=None)) as con:
        con.execute(statement)


def _tick(database: Path, changes: int, now: datetime, seed: int) -> None:
    tick_sample_firm(database, changes=changes, now=now, seed=seed)
