"""A living firm: how long after the bookkeeper's commit is a change in an open list?"""

import contextlib
import json
import queue
import threading
import time
from pathlib import Path

import duckdb

from bench.bare_ticks import BareMirror
from bench.figures import Line, Samples, Table, p50_limit, p95_limit
from bench.firm import Bookkeeper, Firm
from bench.server import Client, Server

CHANGES = 100
MEASURED = 30
WAITS_SECONDS = 30
PAGE = {"list": "invoices", "start_row": 0, "end_row": 100}


class OpenList:
    """A list open in a browser: hears of each version and reads its first page again."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self.seen: queue.Queue[tuple[int, float]] = queue.Queue()
        self.version = client.rows(PAGE)["version"]
        threading.Thread(target=self._listen, daemon=True).start()

    def wait_beyond(self, version: int) -> tuple[int, float]:
        """The next version after one, and the moment its rows were here."""
        while True:
            found, at = self.seen.get(timeout=WAITS_SECONDS)
            if found > version:
                self.version = found
                return found, at

    def _listen(self) -> None:
        with contextlib.suppress(OSError, RuntimeError):
            for _ in self._client.versions():
                version = self._client.rows(PAGE)["version"]
                self.seen.put((version, time.monotonic()))


def live(server: Server, aged: int) -> tuple[Samples, Samples]:
    """Post changes one batch after the other, `aged` times unmeasured and then measured.

    Returns: milliseconds of the bookkeeper's transactions, and from commit to the rows in an
    open list.
    """
    opened = OpenList(server.enter())
    bookkeeper = Bookkeeper(server.firm)
    posting, visible = [], []
    try:
        for place in range(aged + MEASURED):
            before = opened.version
            committed, ms = bookkeeper.post(CHANGES)
            _, at = opened.wait_beyond(before)
            if place >= aged:
                posting.append(ms)
                visible.append((at - committed) * 1000)
                # no rhythm with the server's own
                time.sleep(0.05 + (place * 37 % 100) / 250)
    finally:
        bookkeeper.leave()
    return Samples(tuple(posting)), Samples(tuple(visible))


def table_of(firm: Firm, aged: int, posting: Samples, visible: Samples) -> Table:
    """What the server wrote into its refresh log, and what was seen from outside.

    Call it when the server has stopped: the warehouse has one owner, and the bare deltas that
    are measured now must not make it refresh.
    """
    refreshes = _refreshes(firm.settings().warehouse_path)
    bare = BareMirror(firm).ticks(MEASURED, CHANGES)
    seconds = Samples(tuple(row[0] * 1000 for row in refreshes[-MEASURED:]))
    detail = json.loads(refreshes[-1][1])["seconds"]
    steps = ", ".join(f"{name.lower()} {value * 1000:.0f}" for name, value in detail.items())
    return Table(
        f"Ticks of {CHANGES} changes, on a file aged through {aged} ({MEASURED} measured)",
        [
            Line("refresh, in the server", seconds, bare, p50_limit(300), f"last: {steps}"),
            Line("PMS commit -> rows in an open list", visible, limit=p95_limit(1000)),
            Line("the bookkeeper's transaction", posting),
        ],
    )


def _refreshes(warehouse: Path) -> list[tuple[float, str]]:
    with contextlib.closing(duckdb.connect(str(warehouse), read_only=True)) as con:
        return con.execute(
            "select seconds, detail from refresh_log "
            "where kind = 'incremental' and outcome = 'done' order by refresh_id"
        ).fetchall()
