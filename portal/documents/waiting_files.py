"""PDFs that came in and wait for a person to say which invoice they belong to."""

import re
from pathlib import Path

from portal.mail.kept_mails import write_whole

_DOCUMENT = re.compile(r"[0-9a-f]{32}", re.ASCII)


class WaitingPdfs:
    """The folder of PDFs without an invoice. Names are ours, never the sender's."""

    def __init__(self, documents: Path) -> None:
        self._folder = documents / "waiting"

    def keep(self, document_id: str, content: bytes) -> None:
        """Keep a file until somebody decides about it."""
        write_whole(self._file(document_id), content)

    def read(self, document_id: str) -> bytes | None:
        """The file, or None."""
        try:
            return self._file(document_id).read_bytes()
        except FileNotFoundError:
            return None

    def forget(self, document_id: str) -> None:
        """Take it away: it has found its invoice, or was put aside."""
        self._file(document_id).unlink(missing_ok=True)

    def _file(self, document_id: str) -> Path:
        if not _DOCUMENT.fullmatch(document_id):
            raise ValueError(f"{document_id!r} is no document's id")
        return self._folder / f"{document_id}.pdf"
