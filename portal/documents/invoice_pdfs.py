"""Which PDF belongs to an invoice? The newest that was received; none is ever made for a real firm.

Whatever receives them (a watched folder, an inbound mail box) finds the invoice by its number and
calls `keep`.
"""

import contextlib
import hashlib
import os
import re
import tempfile
from pathlib import Path

from portal.domain.errors import Invalid

MOST_BYTES = 20 * 1024 * 1024
FOLDER = "invoices"
_MAGIC = b"%PDF-"
_HASHED = "sha256-"
_PLAIN_ID = re.compile(r"[A-Za-z0-9_-]{1,80}", re.ASCII)
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.ASCII | re.IGNORECASE)


class InvoicePdfs:
    """The folder of received invoice PDFs, one file an invoice."""

    def __init__(self, documents: Path) -> None:
        self.folder = documents / FOLDER

    def find(self, invoice_id: str) -> Path | None:
        """The newest PDF of an invoice, or None where none was received."""
        path = self.folder / file_name(invoice_id)
        try:
            with path.open("rb") as file:
                is_pdf = _is_pdf(file.read(len(_MAGIC))) and path.stat().st_size <= MOST_BYTES
        except (FileNotFoundError, IsADirectoryError):
            return None
        return path if is_pdf else None

    def has(self, invoice_id: str) -> bool:
        """Whether a PDF of this invoice was received."""
        return self.find(invoice_id) is not None

    def read(self, invoice_id: str) -> bytes | None:
        """The bytes of an invoice's PDF, or None; a file that is no PDF counts for none."""
        path = self.folder / file_name(invoice_id)
        try:
            with path.open("rb") as file:
                content = file.read(MOST_BYTES + 1)
        except (FileNotFoundError, IsADirectoryError):
            return None
        return content if _is_pdf(content) and len(content) <= MOST_BYTES else None

    def keep(self, invoice_id: str, content: bytes) -> Path:
        """Make this the PDF of an invoice, in place of an older one. Returns: its file.

        Readers see the old file or the new one, never a part.
        Raises: Invalid for what is no PDF or larger than 20 MB; an older one stays.
        """
        if not _is_pdf(content):
            raise Invalid("That file is not a PDF.")
        if len(content) > MOST_BYTES:
            raise Invalid("That PDF is larger than 20 MB.")
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / file_name(invoice_id)
        handle, writing = tempfile.mkstemp(dir=self.folder, prefix=".", suffix=".writing")
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
        return path


def file_name(invoice_id: str) -> str:
    """The file of an invoice's PDF: its id where every file system takes that, else a hash."""
    is_plain = _PLAIN_ID.fullmatch(invoice_id) and not _DEVICES.fullmatch(invoice_id)
    if is_plain and not invoice_id.startswith(_HASHED):
        return f"{invoice_id}.pdf"
    return f"{_HASHED}{hashlib.sha256(invoice_id.encode('utf-8', 'surrogatepass')).hexdigest()}.pdf"


def _is_pdf(content: bytes) -> bool:
    return content.startswith(_MAGIC)
