"""Renewing the copies of the store's rows in the warehouse, soon after each commit."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Protocol

log = logging.getLogger("portal.mirror")

BEAT_SECONDS = 2.0
"""How often it is looked whether another process has written to the store."""
REST_SECONDS = 0.1
"""Commits closer together than this are renewed together."""
FOLLOW_SECONDS = 1.0
"""What follows a change is done no more often than this; at the latest with the next beat."""


class Mirror(Protocol):
    """The copies and what they are made of."""

    tables: frozenset[str]

    def renew(self) -> bool:
        """Bring the copies up to the store. Returns: whether anything was new."""
        ...


class Mirroring:
    """Keeps the copies equal to the store: in a thread, or without one at once."""

    def __init__(self, mirror: Mirror, announce: Callable[[], None]) -> None:
        self._mirror = mirror
        self._announce = announce
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._deeds: list[tuple[str, Callable[[], None]]] = []
        self._changed: set[str] = set()
        self._followed = float("-inf")

    def when_renewed(self, table: str, deed: Callable[[], None]) -> None:
        """Do something whenever the copies show what was committed to a table."""
        self._deeds.append((table, deed))

    def committed(self, subjects: frozenset[str]) -> None:
        """The store has committed changes of these tables."""
        if not subjects & self._mirror.tables:
            return
        self._changed |= subjects
        if self._thread is None:
            self._renew_or_log()
        else:
            self._wake.set()

    def renew(self) -> bool:
        """Renew now and wait for it. Returns: whether anything was new."""
        with self._lock:
            is_new = self._mirror.renew()
        if is_new:
            self._announce()
        return is_new

    def start(self) -> None:
        """Renew in a thread until `stop`."""
        self._thread = threading.Thread(target=self._keep_on, name="store mirror", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread; a renewal that runs is finished first."""
        self._stop.set()
        self._wake.set()
        if self._thread:
            self._thread.join(timeout=60)

    def _keep_on(self) -> None:
        while not self._stop.is_set():
            self._wake.wait(BEAT_SECONDS)
            self._wake.clear()
            self._renew_or_log()
            self._stop.wait(REST_SECONDS)

    def _renew_or_log(self) -> None:
        # What was committed has happened, whatever becomes of its copy: the next beat tries again.
        changed, self._changed = self._changed, set()
        try:
            self.renew()
        except Exception:
            self._changed |= changed
            log.exception("the copies of the store's rows could not be renewed")
            return
        self._follow(changed)

    def _follow(self, changed: set[str]) -> None:
        """Do what follows changes of these tables; many in a row are followed together."""
        deeds = [deed for table, deed in self._deeds if table in changed]
        if deeds and self._thread and time.monotonic() - self._followed < FOLLOW_SECONDS:
            self._changed |= changed
            return
        for deed in deeds:
            self._followed = time.monotonic()
            try:
                deed()
            except Exception:
                # It is a shortcut: what it did not do now, a job does soon.
                log.exception("what follows a change of the store could not be done")
