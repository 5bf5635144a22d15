"""The refresh killed at any moment, read at any moment, and fed by writers that come and go."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from portal.jobs.refreshing import FreshnessState, Refreshing
from portal.pms.sample_firm.create import create_sample_firm
from portal.warehouse.doctor import run_checks
from portal.warehouse.tie_out import tie_out
from tests.adapters.source_program import in_another_process, tick
from tests.adapters.test_refresh import open_sample

KILLS = 500 if os.environ.get("PORTAL_TEST_LONG") else 50
WRITERS = 20
TODAY = date(2026, 11, 20)
TOTALS = """
    select
        (select sum(outstanding_cents)::bigint from client_list),
        (select sum(outstanding_cents)::bigint from open_invoices),
        (select sum(outstanding_cents)::bigint from aging_day where lens = 'due'),
        (select sum(outstanding_cents)::bigint from aging_day where lens = 'invoice'),
        (select sum(greatest(outstanding_cents, 0))::bigint from invoice_list)
"""


def in_a_child(work, seconds_to_live: float | None = None) -> int:
    """Run `work` in a forked process, killed without warning after a while.

    Returns: its exit code, or minus the signal. Nothing of DuckDB is open in this process, so
    the child may open it.
    """
    child = os.fork()
    if child == 0:
        code = 1
        try:
            code = 0 if work() else 1
        finally:
            os._exit(code)
    if seconds_to_live is not None:
        time.sleep(seconds_to_live)
        os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.mark.catalogue(105)
def test_a_refresh_killed_at_any_moment_leaves_whole_data_and_the_next_one_completes(
    tmp_path, suite_line
):
    database, home = tmp_path / "practice_cs.sqlite", tmp_path / "home"
    create_sample_firm(database, clients=60, invoices=900, seed=3, today=TODAY)
    dice = random.Random(20261120)

    def refresh(full: bool) -> bool:
        found = open_sample(database, home)
        found.refresher.refresh(full=full)
        return True

    def is_whole() -> bool:
        found = open_sample(database, home)
        with found.warehouse.cursor() as con:
            totals = con.execute(TOTALS).fetchone()
            return len(set(totals)) == 1 and not any(run_checks(con).values())

    def completes() -> bool:
        found = open_sample(database, home)
        found.refresher.refresh()
        compared = tie_out(found.warehouse, found.source, found.mapping())
        with found.warehouse.cursor() as con:
            return not any(run_checks(con).values()) and compared.difference_cents == 0

    assert in_a_child(lambda: refresh(full=True)) == 0
    killed = killed_full = violations = 0
    for number in range(KILLS):
        full = number % 3 == 0
        tick(database, changes=20, seed=number)
        outcome = in_a_child(lambda full=full: refresh(full), dice.uniform(0.02, 0.9))
        killed += outcome == -signal.SIGKILL
        killed_full += full and outcome == -signal.SIGKILL
        violations += in_a_child(is_whole) != 0
        if number % 5 == 4 or number == KILLS - 1:
            violations += in_a_child(completes) != 0

    suite_line(
        f"sync faults: {KILLS} runs, {violations} violations; {killed} killed midway, "
        f"{killed_full} of them full"
    )
    assert violations == 0
    assert killed >= KILLS // 3
    assert killed_full >= KILLS // 9


def test_a_reader_during_refreshes_never_sees_a_mixed_state(tmp_path):
    database = tmp_path / "practice_cs.sqlite"
    create_sample_firm(database, clients=60, invoices=900, seed=4, today=TODAY)
    loaded = open_sample(database, tmp_path / "home")
    loaded.refresher.refresh()
    stop, torn, reads = threading.Event(), [], []

    def read() -> None:
        while not stop.wait(0.002):  # the refresh gets its turns too
            with loaded.warehouse.cursor() as con:
                seen = con.execute(TOTALS).fetchone()
                version = con.execute("select version from data_version").fetchone()[0]
            reads.append(version)
            if len(set(seen)) != 1:
                torn.append((version, seen))

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for seed in range(15):
        tick(database, changes=30, seed=seed)
        loaded.refresher.refresh(full=seed % 5 == 4)
    stop.set()
    for reader in readers:
        reader.join()

    assert torn == []
    assert len(set(reads)) > 5
    loaded.warehouse.close()


def test_every_commit_becomes_visible_while_writers_come_and_go(tmp_path):
    database = tmp_path / "practice_cs.sqlite"
    create_sample_firm(database, clients=60, invoices=900, seed=5, today=TODAY)
    loaded = open_sample(database, tmp_path / "home")
    refreshing = Refreshing(
        loaded.warehouse,
        loaded.source,
        loaded.refresher,
        loaded.mapping,
        every_seconds=0.1,
        now=lambda: datetime.now(UTC),
    )
    refreshing.start()
    refreshing.wait_for_version(0, timeout=30)

    unseen = []
    for number in range(WRITERS):
        name = f"Renamed by writer {number}"
        in_another_process(
            database,
            f"update Client set description = '{name}' "
            "where client_KEY = (select min(client_KEY) from Client)",
        )
        if not appears(loaded, name):
            unseen.append(number)
    refreshing.stop()
    loaded.warehouse.close()

    assert unseen == []
    assert whole(database) == "ok"


def test_a_source_locked_by_its_own_program_is_read_again_when_it_is_free(tmp_path):
    database = tmp_path / "practice_cs.sqlite"
    create_sample_firm(database, clients=60, invoices=900, seed=6, today=TODAY)
    loaded = open_sample(database, tmp_path / "home")
    refreshing = Refreshing(
        loaded.warehouse,
        loaded.source,
        loaded.refresher,
        loaded.mapping,
        every_seconds=0.1,
        now=lambda: datetime.now(UTC),
    )
    refreshing.start()
    refreshing.wait_for_version(0, timeout=30)
    holder = hold_lock(database)

    try:
        time.sleep(1.0)
        still = refreshing.freshness()
    finally:
        holder.wait(timeout=30)

    assert still.version >= 1
    assert appears(loaded, "Renamed under lock")
    refreshing.stop()
    loaded.warehouse.close()


class SlowSource:
    """A source whose every answer takes its time, as over a bad line."""

    def __init__(self, source, answers: threading.Event) -> None:
        self._source = source
        self._answers = answers

    def __getattr__(self, name: str):
        return getattr(self._source, name)

    def pushed(self, sql: str) -> str:
        self._answers.wait(30)
        return self._source.pushed(sql)


def test_while_a_slow_source_is_read_the_last_good_data_stays_and_its_age_is_told(tmp_path):
    database = tmp_path / "practice_cs.sqlite"
    create_sample_firm(database, clients=60, invoices=900, seed=8, today=TODAY)
    loaded = open_sample(database, tmp_path / "home")
    loaded.refresher.refresh()
    answers, clock = threading.Event(), [datetime.now(UTC)]
    slow = SlowSource(loaded.source, answers)
    loaded.refresher._source = slow
    refreshing = Refreshing(
        loaded.warehouse,
        slow,
        loaded.refresher,
        loaded.mapping,
        every_seconds=0.1,
        now=lambda: clock[0],
    )
    in_another_process(
        database,
        "update Client set description = 'Renamed slowly' "
        "where client_KEY = (select min(client_KEY) from Client)",
    )

    refreshing.start()
    clock[0] += timedelta(minutes=5)
    meanwhile = refreshing.freshness()
    clients = loaded.values("select count(*) from client_list")[0][0]
    answers.set()

    assert (meanwhile.version, meanwhile.state) == (1, FreshnessState.STALE)
    assert clients > 50
    assert appears(loaded, "Renamed slowly")
    refreshing.stop()
    loaded.warehouse.close()


def hold_lock(database: Path) -> subprocess.Popen:
    """Another process that changes a client and keeps everybody out for two seconds."""
    code = (
        "import sqlite3, sys, time\n"
        "con = sqlite3.connect(sys.argv[1], timeout=20, isolation_level=None)\n"
        "con.execute('begin exclusive')\n"
        "con.execute(\"update Client set description = 'Renamed under lock' "
        'where client_KEY = (select min(client_KEY) from Client)")\n'
        "time.sleep(2)\n"
        "con.execute('commit')\n"
    )
    return subprocess.Popen([sys.executable, "-c", code, str(database)])


def appears(loaded, name: str) -> bool:
    """Whether a client of that name is in the list within ten seconds."""
    for _ in range(200):
        if loaded.values(f"select 1 from client_list where client_name = '{name}'"):
            return True
        time.sleep(0.05)
    return False


def whole(database: Path) -> str:
    with sqlite3.connect(database) as con:
        return con.execute("pragma integrity_check").fetchone()[0]
