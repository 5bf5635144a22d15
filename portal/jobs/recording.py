"""After each refresh the store learns what is open and which portal payments the PMS shows."""

import logging
from collections.abc import Callable
from datetime import datetime

from portal.services.money_ports import OpenBalance
from portal.services.ports import Store
from portal.services.record_balances import RecordBalances, record_balances
from portal.warehouse.open_balances import BalanceNews, OpenBalances
from portal.warehouse.refresh import Refreshed

log = logging.getLogger("portal.balances")


class Recording:
    """Hands the news of each refresh to the store."""

    def __init__(
        self, balances: OpenBalances, store: Store, *, clock: Callable[[], datetime]
    ) -> None:
        self._balances = balances
        self._store = store
        self._clock = clock
        self._is_recorded = False

    def refreshed(self, done: Refreshed) -> None:
        """A refresh has committed; a fault here leaves the refresh as it is and is made up for."""
        if self._is_recorded and done.outcome == "unchanged":
            return
        try:
            self.record()
        except Exception:
            log.exception("open balances could not be recorded; the next refresh tries again")
            self._is_recorded = False
            self._balances.forget()

    def record(self) -> None:
        """Tell the store what is new."""
        news = self._balances.news()
        if not news.is_empty:
            record_balances(_command(news), store=self._store, clock=self._clock)
        self._is_recorded = True


def _command(news: BalanceNews) -> RecordBalances:
    return RecordBalances(
        version=news.version,
        balances=[OpenBalance(**row) for row in news.balances],  # type: ignore[arg-type]
        is_full=news.is_full,
        gone=news.gone,
        posted_cents=news.posted_cents,
        posted_refunds=news.posted_refunds,
    )
