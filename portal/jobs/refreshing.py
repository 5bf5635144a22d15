"""Keeping the warehouse equal to the source while the server runs, and telling how that goes."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from portal.domain.errors import PortalError, SourceUnavailable
from portal.jobs.pacing import Pace
from portal.pms.source import PmsSource
from portal.warehouse.mapping import Mapping
from portal.warehouse.refresh import Refreshed, Refresher
from portal.warehouse.tie_out import TieOut, tie_out
from portal.warehouse.warehouse import Warehouse

log = logging.getLogger("portal.refresh")

UNGATED_SECONDS = 5.0
"""File times are coarse: now and then a refresh runs though the probe saw nothing."""
DELETIONS_SECONDS = 60.0
STALE_INTERVALS = 4
STALE_AT_LEAST_SECONDS = 15.0


class FreshnessState(StrEnum):
    """How well the data on screen follows the practice management system."""

    LIVE = "live"
    STALE = "stale"
    AWAY = "away"
    EMPTY = "empty"


@dataclass(frozen=True)
class Freshness:
    """What every page says about its data.

    `data_as_of` is when the source was last known to hold exactly this; `since` is when it
    could last be read, where it can't be now, and `message` says why.
    """

    version: int
    data_as_of: datetime | None
    refreshed_at: datetime | None
    state: FreshnessState
    message: str = ""
    since: datetime | None = None


class Refreshing:
    """The refresh of one firm: on demand, or by itself in a thread."""

    def __init__(
        self,
        warehouse: Warehouse,
        source: PmsSource,
        refresher: Refresher,
        mapping: Callable[[], Mapping],
        *,
        every_seconds: float,
        now: Callable[[], datetime],
    ) -> None:
        self._warehouse = warehouse
        self._source = source
        self._refresher = refresher
        self._mapping = mapping
        self._every = every_seconds
        self._now = now
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._listeners: list[Callable[[Refreshed], None]] = []
        self._probe: str | None = None
        self._checked_at: datetime | None = None
        self._problem = ""
        self._failing_since: datetime | None = None
        self.version = warehouse.data_version().version

    def refresh(
        self,
        *,
        full: bool = False,
        deletions: bool = True,
        progress: Callable[[str], None] = lambda step: None,
    ) -> Refreshed:
        """Refresh now and wait for it.

        Raises: SourceUnavailable, MappingInvalid; the last good data stays.
        """
        with self._lock:
            return self._refresh(full=full, deletions=deletions, progress=progress)

    def on_refreshed(self, listener: Callable[[Refreshed], None]) -> None:
        """Have somebody told after each refresh, unchanged ones included."""
        self._listeners.append(listener)

    def announce(self) -> None:
        """Tell whoever waits which version the warehouse holds now."""
        version = self._warehouse.data_version().version
        with self._changed:
            # Two announcements may cross; the version never goes back for whoever waits.
            self.version = max(version, self.version)
            self._changed.notify_all()

    def tie_out(self) -> TieOut:
        """Refresh, then compare with the source, again while the source moves in between."""
        with self._lock:
            for _ in range(4):
                self._refresh(full=False, deletions=True, progress=lambda step: None)
                compared = tie_out(self._warehouse, self._source, self._mapping())
                if not compared.difference_cents or self._probe == self._source.probe():
                    break
            return compared

    def freshness(self) -> Freshness:
        """How fresh the data is now."""
        found = self._warehouse.data_version()
        refreshed_at = found.refreshed_at.replace(tzinfo=UTC) if found.refreshed_at else None
        checked_at = self._checked_at or refreshed_at
        if self._problem:
            state = FreshnessState.AWAY
        elif not found.version:
            state = FreshnessState.EMPTY
        elif self._is_stale(checked_at):
            state = FreshnessState.STALE
        else:
            state = FreshnessState.LIVE
        return Freshness(
            found.version, checked_at, refreshed_at, state, self._problem, self._failing_since
        )

    def start(self) -> None:
        """Keep refreshing in a thread until `stop`."""
        self._thread = threading.Thread(target=self._keep_on, name="refresh", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread; a refresh that runs is finished first."""
        self._stop.set()
        if self._thread:
            self._thread.join(timeout=60)

    def wait_for_version(self, after: int, timeout: float) -> int:
        """Wait until the version is higher than `after`. Returns: the version then."""
        with self._changed:
            self._changed.wait_for(lambda: self.version > after, timeout)
            return self.version

    def _refresh(
        self, *, full: bool, deletions: bool, progress: Callable[[str], None]
    ) -> Refreshed:
        started_at = self._now()
        try:
            probe = self._source.probe()
            result = self._refresher.refresh(full=full, deletions=deletions, progress=progress)
        except PortalError as problem:
            self._fail(str(problem))
            raise
        self._probe = probe
        self._checked_at = started_at
        self._problem, self._failing_since = "", None
        self.announce()
        for listener in self._listeners:
            listener(result)
        return result

    def _keep_on(self) -> None:
        last_run = last_deletions = 0.0
        pace = Pace()
        while not self._stop.is_set():
            began, rest = time.monotonic(), 0.0
            try:
                if self._is_due(began - last_run):
                    deletions = began - last_deletions > DELETIONS_SECONDS
                    with self._lock:
                        done = self._refresh(
                            full=False, deletions=deletions, progress=lambda step: None
                        )
                    if done.kind == "incremental" and done.outcome == "done":
                        rest = pace.rest_after(done.changed_rows, done.seconds)
                    last_run = began
                    last_deletions = began if deletions else last_deletions
                else:
                    self._checked_at = self._now()
            except PortalError as problem:
                log.warning("refresh: %s", problem)
                self._stop.wait(min(5.0, 1.0 + self._every))
            except Exception:
                log.exception("refresh: unexpected")
                self._fail("The refresh met an unexpected problem; the log has the details.")
                self._stop.wait(5.0)
            self._stop.wait(self._every + rest)

    def _is_due(self, since_last: float) -> bool:
        try:
            probe = self._source.probe()
        except SourceUnavailable as problem:
            self._fail(str(problem))
            raise
        return probe is None or probe != self._probe or since_last > UNGATED_SECONDS

    def _fail(self, message: str) -> None:
        self._problem = message
        if self._failing_since is None:
            self._failing_since = self._checked_at or self._now()

    def _is_stale(self, checked_at: datetime | None) -> bool:
        if checked_at is None:
            return False
        allowed = max(STALE_AT_LEAST_SECONDS, STALE_INTERVALS * self._every)
        return (self._now() - checked_at).total_seconds() > allowed
