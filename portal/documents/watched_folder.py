"""The watched folder: PDFs that are put there are taken in and moved away."""

import os
import stat
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from portal.documents.invoice_pdfs import MOST_BYTES

SETTLED_SECONDS = 2.0
"""A file that changed more recently may still be being written."""
TAKEN = "taken"
MOST_AT_ONCE = 500


@dataclass(frozen=True, kw_only=True)
class FoundFile:
    """A file of the folder. Too large ones come with their first bytes alone."""

    path: Path
    key: str
    content: bytes = field(repr=False)
    written_at: datetime


def empty_folder(
    folder: Path, take: Callable[[FoundFile], str], *, now: Callable[[], float] = time.time
) -> int:
    """Take in every file of a folder, the oldest first, and move each into `taken/`.

    `take` gives the name under which the file is put away: what others called it is never
    used as a path. A file is moved after it was taken in: killed in between, it is taken again.
    Returns: how many.
    """
    folder.mkdir(parents=True, exist_ok=True)
    taken = 0
    for found in _settled(folder, now()):
        put_away = folder / TAKEN / take(found)
        put_away.parent.mkdir(exist_ok=True)
        found.path.replace(put_away)
        taken += 1
    return taken


def _settled(folder: Path, now: float) -> Iterator[FoundFile]:
    seen: list[tuple[float, Path]] = []
    for entry in folder.iterdir():
        # A link could lead out of the folder: only plain files are looked at.
        at = entry.lstat()
        if stat.S_ISREG(at.st_mode) and not entry.name.startswith("."):
            seen.append((at.st_mtime, entry))
    for modified, path in sorted(seen)[:MOST_AT_ONCE]:
        if now - modified >= SETTLED_SECONDS:
            yield _read(path, modified)


def _read(path: Path, modified: float) -> FoundFile:
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    with os.fdopen(handle, "rb") as file:
        content = file.read(MOST_BYTES + 1)
    return FoundFile(
        path=path,
        key=f"{path.name}/{modified!r}/{len(content)}",
        content=content,
        written_at=datetime.fromtimestamp(modified, UTC),
    )
