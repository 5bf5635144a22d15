"""What the client portal reads of the practice management system's data."""

from portal.domain.errors import NotFound
from portal.domain.payers import PastPayment, PayerClient, PayerInvoice
from portal.warehouse.warehouse import Warehouse


class WarehousePayers:
    """Clients as payers see them."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse

    def client(self, client_id: str) -> PayerClient | None:
        """The client with this id, if the firm shows it."""
        found = self._rows("payers/client", client_id=client_id)
        return PayerClient(**found[0]) if found else None  # type: ignore[arg-type]

    def invoice(self, invoice_id: str) -> PayerInvoice | None:
        """The invoice with this id, if a payer may know of it."""
        found = self._rows("payers/invoice", invoice_id=invoice_id)
        return PayerInvoice(**found[0]) if found else None  # type: ignore[arg-type]

    def credits(self, client_id: str) -> dict[str, int]:
        """What the client has at the firm, not set against an invoice yet: currency -> cents."""
        found = self._rows("payers/credits", client_id=client_id)
        return {str(row["currency"]): int(str(row["credit_cents"])) for row in found}

    def payments(self, client_id: str) -> list[PastPayment]:
        """The client's payments that the practice management system shows, newest first."""
        found = self._rows("payers/payments", client_id=client_id)
        return [PastPayment(**row) for row in found]  # type: ignore[arg-type]

    def client_of_pair(self, client_number: str, invoice_number: str) -> str | None:
        """The one client with this number and this invoice; None for nobody, or for several."""
        found = self._rows(
            "payers/client_of_pair", client_number=client_number, invoice_number=invoice_number
        )
        return str(found[0]["client_id"]) if len(found) == 1 else None

    def clients_of_contact(self, email: str) -> tuple[str, ...]:
        """The clients somebody with this address is a contact of."""
        address = email.strip().lower()
        if not address:
            return ()
        found = self._rows("payers/clients_of_contact", email=address)
        return tuple(str(row["client_id"]) for row in found)

    def _rows(self, name: str, **params: object) -> list[dict[str, object]]:
        if not self._warehouse.has_data():
            return []
        try:
            return self._warehouse.rows(name, **params)
        except NotFound:
            return []
