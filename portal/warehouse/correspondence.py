"""Whom to write to, about what, as the practice management system says."""

from collections.abc import Iterable

from portal.domain.correspondence import MailContact, MailInvoice
from portal.domain.errors import NotFound
from portal.warehouse.warehouse import Warehouse


class WarehouseCorrespondence:
    """Invoices and the people at clients, read one at a time."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse

    def invoice(self, invoice_id: str) -> MailInvoice | None:
        """The invoice with this id, if the firm shows its client."""
        found = self._rows("mail/invoice", invoice_id=invoice_id)
        return MailInvoice(**found[0]) if found else None  # type: ignore[arg-type]

    def contacts(self, client_id: str) -> list[MailContact]:
        """The people at a client with an address, those who get the bills first."""
        found = self._rows("mail/contacts", client_id=client_id)
        return [MailContact(**row) for row in found]  # type: ignore[arg-type]

    def invoices_by_number(self, numbers: Iterable[str]) -> list[tuple[str, str]]:
        """The invoices with one of these numbers, as (id, number)."""
        wanted = sorted({number.strip().upper() for number in numbers})
        found = self._rows("mail/invoices_by_number", numbers=wanted) if wanted else []
        return [(str(row["invoice_id"]), str(row["invoice_number"])) for row in found]

    def _rows(self, name: str, **params: object) -> list[dict[str, object]]:
        if not self._warehouse.has_data():
            return []
        try:
            return self._warehouse.rows(name, **params)
        except NotFound:
            return []
