"""Every mail as it was sent: written before it leaves, so that a second try sends the very same."""

import contextlib
import os
import re
import tempfile
from pathlib import Path

_LETTER = re.compile(r"[0-9a-f]{32}", re.ASCII)


class KeptMails:
    """The folder of written-out mails; only the portal's own user can read it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, letter_id: str, raw: bytes) -> None:
        """Write a mail down for good."""
        write_whole(self._file(letter_id), raw)

    def read(self, letter_id: str) -> bytes | None:
        """The mail of a letter, or None: it was not written out yet."""
        try:
            return self._file(letter_id).read_bytes()
        except FileNotFoundError:
            return None

    def forget(self, letter_id: str) -> None:
        """Take a mail away: its link must not stay anywhere once it is out."""
        self._file(letter_id).unlink(missing_ok=True)

    def _file(self, letter_id: str) -> Path:
        if not _LETTER.fullmatch(letter_id):
            raise ValueError(f"{letter_id!r} is no letter's id")
        return self._folder / letter_id[:2] / f"{letter_id}.eml"


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole, and stays after a power cut, or is not there."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, writing = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".writing")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(writing).replace(path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            Path(writing).unlink()
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
