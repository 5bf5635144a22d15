"""Where the daily payment files lie: one folder a day under PORTAL_HOME."""

import os
from datetime import date
from pathlib import Path

FOLDER = "payment-files"


class PaymentFileShelf:
    """The folder of payment files."""

    def __init__(self, home: Path) -> None:
        self._home = home

    def keep(self, day: date, name: str, content: bytes) -> str:
        """Put a file there whole, or not at all. Returns: where it is, below PORTAL_HOME."""
        folder = self._home / FOLDER / day.isoformat()
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = folder / f".{name}.unfinished"
        with unfinished.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(folder / name)
        return f"{FOLDER}/{day.isoformat()}/{name}"

    def read(self, path: str) -> bytes | None:
        """A file that was kept; None where it is not there any more."""
        file = (self._home / path).resolve()
        if not file.is_relative_to((self._home / FOLDER).resolve()) or not file.is_file():
            return None
        return file.read_bytes()
