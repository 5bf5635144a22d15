"""What every money command works with, in one hand."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from portal.domain.payment_policy import PaymentPolicy
from portal.services.gateway import Gateway, GatewayBusy
from portal.services.money_ports import ClientDirectory, Payment
from portal.services.ports import Clock, Store, UnitOfWork

Answer = TypeVar("Answer")
_WAITS = (0.05, 0.2, 0.5)
Watcher = Callable[[UnitOfWork, Payment, datetime], None]
"""Told of every change of a payment's state, inside the transaction that makes it."""


@dataclass(frozen=True, kw_only=True)
class Till:
    """The store, the gateway, the clients, the clock and the firm's rules."""

    store: Store
    gateway: Gateway
    directory: ClientDirectory
    clock: Clock
    policy: PaymentPolicy = field(default_factory=PaymentPolicy)
    watchers: Sequence[Watcher] = ()
    pause: Callable[[float], None] = time.sleep

    def patiently(self, ask: Callable[[], Answer]) -> Answer:
        """Ask again, with the same key, while the gateway says it is busy.

        Raises: GatewayBusy when it stays so.
        """
        for seconds in _WAITS:
            try:
                return ask()
            except GatewayBusy:
                self.pause(seconds)
        return ask()
