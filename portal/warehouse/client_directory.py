"""The clients the firm shows, one at a time, for commands."""

from portal.domain.clients import ClientCard
from portal.domain.errors import NotFound
from portal.warehouse.warehouse import Warehouse


class WarehouseClients:
    """Finds clients in the warehouse as they are now."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse

    def client(self, client_id: str) -> ClientCard | None:
        """The client with this id, if the firm shows it."""
        try:
            return self._one(client_id=client_id, client_number=None)
        except NotFound:
            return None

    def client_by_number(self, client_number: str) -> ClientCard | None:
        """The one client with this number; None for nobody, or for several."""
        return self._one(client_id=None, client_number=client_number)

    def _one(self, **asked: str | None) -> ClientCard | None:
        found = self._warehouse.rows("access/client_card", **asked)
        if len(found) != 1:
            return None
        row = {name: value or "" for name, value in found[0].items()}
        return ClientCard(
            **{
                **row,
                "partner_id": row["partner_id"] or None,
                "manager_id": row["manager_id"] or None,
                "billing_emails": tuple(row["billing_emails"] or ()),
            }
        )
