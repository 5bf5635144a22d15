"""What writing to clients needs to know: invoices, the people at a client, and their PDFs."""

from collections.abc import Iterable
from typing import Protocol

from portal.domain.correspondence import MailContact, MailInvoice

__all__ = ["MailContact", "MailInvoice"]


class Correspondence(Protocol):
    """Whom to write to, about what."""

    def invoice(self, invoice_id: str) -> MailInvoice | None: ...
    def contacts(self, client_id: str) -> list[MailContact]: ...
    def invoices_by_number(self, numbers: Iterable[str]) -> list[tuple[str, str]]: ...


class InvoiceFiles(Protocol):
    """The received PDFs of invoices."""

    def has(self, invoice_id: str) -> bool: ...
    def keep(self, invoice_id: str, content: bytes) -> object: ...


class WaitingFiles(Protocol):
    """Received PDFs that no invoice was found for."""

    def read(self, document_id: str) -> bytes | None: ...
    def keep(self, document_id: str, content: bytes) -> None: ...
    def forget(self, document_id: str) -> None: ...
