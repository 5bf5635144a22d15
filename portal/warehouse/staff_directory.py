"""The staff list of the practice system: which of them has this email address?"""

import threading
import time

from portal.warehouse.warehouse import Warehouse

KEPT_SECONDS = 10
"""How long an answer is used again: every request asks, and staff change rarely."""


class WarehouseStaff:
    """Finds staff by email in the warehouse."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse
        self._kept: dict[str, tuple[float, str | None]] = {}
        self._lock = threading.Lock()

    def staff_id_of(self, email: str) -> str | None:
        """The one active staff member with this address; None for nobody, or for several."""
        address = email.strip().lower()
        now = time.monotonic()
        with self._lock:
            asked_at, staff_id = self._kept.get(address, (0.0, None))
        if address in self._kept and now - asked_at < KEPT_SECONDS:
            return staff_id
        staff_id = self._look_up(address)
        with self._lock:
            self._kept[address] = (now, staff_id)
        return staff_id

    def _look_up(self, address: str) -> str | None:
        if not address or not self._warehouse.has_data():
            return None
        found = self._warehouse.rows("access/staff_by_email", email=address)
        return str(found[0]["staff_id"]) if len(found) == 1 else None
