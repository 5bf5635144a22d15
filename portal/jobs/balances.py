"""After each refresh the store learns what is open, and which portal payments were posted.

Money commands check against that copy inside their own transaction and need no warehouse.
"""

import logging
from collections.abc import Callable
from datetime import datetime

from portal.domain.errors import PortalError
from portal.services.money_ports import OpenBalance
from portal.services.ports import Store
from portal.services.record_balances import RecordBalances, record_balances
from portal.warehouse.refresh import Refreshed
from portal.warehouse.warehouse import Warehouse

log = logging.getLogger("portal.refresh")


class BalanceKeeper:
    """Hands what is open over to the store: all at first, then what has changed."""

    def __init__(self, warehouse: Warehouse, store: Store, now: Callable[[], datetime]) -> None:
        self._warehouse = warehouse
        self._store = store
        self._now = now
        self._version: int | None = None
        self._known: dict[str, OpenBalance] | None = None
        self._posted: dict[str, int] = {}

    def refreshed(self, done: Refreshed) -> None:
        """Follow a refresh. What goes wrong here is tried again after the next one."""
        if done.version == self._version:
            return
        try:
            self._hand_over(done.version)
        except PortalError as problem:
            log.warning("balances: %s", problem)
        except Exception:
            # The refresh itself is done; its thread must go on.
            log.exception("balances: unexpected")

    def _hand_over(self, version: int) -> None:
        rows = self._warehouse.rows("access/open_balances")
        balances = {row["invoice_id"]: OpenBalance(**row) for row in rows}
        posted = {
            row["payment_id"]: row["posted_cents"]
            for row in self._warehouse.rows("access/posted_payments")
        }
        known = self._known
        is_full = known is None
        command = RecordBalances(
            version=version,
            is_full=is_full,
            balances=[
                balance
                for invoice_id, balance in balances.items()
                if known is None or known.get(invoice_id) != balance
            ],
            gone=[] if known is None else [each for each in known if each not in balances],
            posted_cents={
                payment_id: cents
                for payment_id, cents in posted.items()
                if cents >= 0 and self._posted.get(payment_id) != cents
            },
            posted_refunds=[
                payment_id
                for payment_id, cents in posted.items()
                if cents < 0 and payment_id not in self._posted
            ],
        )
        if is_full or command.balances or command.gone or posted != self._posted:
            record_balances(command, store=self._store, clock=self._now)
        self._known, self._posted, self._version = balances, posted, version
