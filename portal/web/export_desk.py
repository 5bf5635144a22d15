"""The exports under way: one-time tickets, the thread that writes each file, and its progress.

Files lie in PORTAL_HOME/exports, are read while they grow, and are gone after an hour.
"""

import logging
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from portal.domain.errors import Denied, Invalid, NotFound

log = logging.getLogger("portal.export")

TICKET_SECONDS = 60
"""How long a ticket waits for its download; a job's time starts when its file is ready."""
FILE_SECONDS = 3_600
MOST_AT_ONCE = 2
"""Exports written at the same time; others wait their turn."""
MOST_OF_A_SESSION = 5
WAIT_SECONDS = 0.02
_BLOCK = 256 * 1024


@dataclass
class Export:
    """One file in the making."""

    ticket: str
    session_id: str
    path: Path
    file_name: str
    media_type: str
    streams: bool
    """Whether the file can be sent while it is being written."""
    total: int
    done: int = 0
    state: str = "waiting"
    """waiting, running, ready or failed"""
    expires_at: float = field(default_factory=lambda: time.monotonic() + TICKET_SECONDS)
    finished: threading.Event = field(default_factory=threading.Event)

    @property
    def files(self) -> tuple[Path, Path]:
        """What is sent, one after the other; the second may never be there."""
        return self.path, rest_of(self.path)

    def size(self) -> int:
        """Bytes of a finished export."""
        return sum(path.stat().st_size for path in self.files if path.exists())

    def remove(self) -> None:
        """Leave no file behind."""
        for path in self.files:
            path.unlink(missing_ok=True)

    def progress(self) -> dict[str, object]:
        """What the page shows while it waits."""
        share = 1.0 if self.state == "ready" else self.done / max(self.total, 1)
        return {
            "state": self.state,
            "ready": self.state == "ready",
            "done": self.done,
            "total": self.total,
            "share": min(share, 1.0),
            "error": "The export failed. Try again." if self.state == "failed" else None,
        }


class ExportDesk:
    """Hands out tickets and keeps the files of one portal."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._exports: dict[str, Export] = {}
        self._lock = threading.Lock()
        self._turns = threading.Semaphore(MOST_AT_ONCE)

    def start(
        self,
        *,
        session_id: str,
        file_name: str,
        media_type: str,
        streams: bool,
        total: int,
        write: Callable[[Path, Callable[[int], None]], None],
    ) -> Export:
        """Begin to write a file in a thread of its own: `write(path, progress)`.

        Raises: Invalid when this session has too many exports under way.
        """
        self._tidy()
        ticket = secrets.token_urlsafe(32)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._folder / f"{secrets.token_hex(16)}{Path(file_name).suffix}"
        export = Export(ticket, session_id, path, file_name, media_type, streams, total)
        with self._lock:
            theirs = [e for e in self._exports.values() if e.session_id == session_id]
            if len(theirs) >= MOST_OF_A_SESSION:
                raise Invalid("Some exports of yours are still under way. Wait for them first.")
            self._exports[ticket] = export
        threading.Thread(target=self._run, args=(export, write), name="export", daemon=True).start()
        return export

    def find(self, ticket: str, session_id: str | None) -> Export:
        """The export of a ticket, for the session it was given to.

        Raises: NotFound for an unknown, used or expired ticket; Denied for another session.
        """
        self._tidy()
        with self._lock:
            export = self._exports.get(ticket)
        if export is None:
            raise NotFound("This download link has been used or has expired. Export again.")
        if export.session_id != session_id:
            raise Denied("This download belongs to another session.")
        return export

    def take(self, ticket: str, session_id: str | None) -> Export:
        """Use up a ticket. Raises: as `find`."""
        export = self.find(ticket, session_id)
        with self._lock:
            if self._exports.pop(ticket, None) is None:
                raise NotFound("This download link has been used or has expired. Export again.")
        return export

    def _run(self, export: Export, write: Callable[[Path, Callable[[int], None]], None]) -> None:
        def told(done: int) -> None:
            export.done = done

        with self._turns:
            export.state = "running"
            try:
                write(export.path, told)
                export.state = "ready"
            except Exception:
                log.exception("an export failed")
                export.state = "failed"
            finally:
                export.expires_at = time.monotonic() + TICKET_SECONDS
                export.finished.set()

    def _tidy(self) -> None:
        """Forget expired tickets and remove old files, also those of an earlier process."""
        now = time.monotonic()
        with self._lock:
            for ticket, export in list(self._exports.items()):
                if export.finished.is_set() and export.expires_at < now:
                    del self._exports[ticket]
                    export.remove()
        oldest = time.time() - FILE_SECONDS
        for path in self._folder.glob("*.*"):
            if path.suffix in (".csv", ".xlsx") and path.stat().st_mtime < oldest:
                path.unlink(missing_ok=True)


def rest_of(path: Path) -> Path:
    """Where an export goes on that was begun in `path`: what is written by COPY has its own."""
    return path.with_name(f"{path.stem}_rest{path.suffix}")


def read_growing(export: Export) -> Iterator[bytes]:
    """The bytes of an export's files as they are written; they are removed at the end.

    Raises: OSError when writing failed, so that the browser sees a broken download
    rather than a short one that looks whole.
    """
    first, rest = export.files
    try:
        yield from _growing(first, lambda: export.finished.is_set() or rest.exists())
        yield from _growing(rest, export.finished.is_set)
        if export.state == "failed":
            raise OSError("the export failed while it was being sent")
    finally:
        export.remove()


def _growing(path: Path, is_written: Callable[[], bool]) -> Iterator[bytes]:
    while not path.exists():
        if is_written():
            return
        time.sleep(WAIT_SECONDS)
    with path.open("rb") as file:
        while True:
            is_last = is_written()
            if block := file.read(_BLOCK):
                yield block
            elif is_last:
                break
            else:
                time.sleep(WAIT_SECONDS)
