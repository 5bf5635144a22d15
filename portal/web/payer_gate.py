"""What the routes of the client portal need of the portal, and the count of guessed links."""

import threading
import time
from collections import OrderedDict, deque
from typing import Protocol

from portal.client_portal import ClientPortal

MOST_WRONG_LINKS = 30
"""From one network address in 15 minutes. No guess can be right; this keeps them cheap."""
WINDOW_SECONDS = 15 * 60
MOST_ADDRESSES = 10_000


class PayerPortal(Protocol):
    """What the routes need of the portal of the process."""

    client_portal: ClientPortal

    def has_invoice_pdf(self, invoice_id: str) -> bool:
        """Whether a PDF of this invoice was received."""
        ...


class WrongLinks:
    """Wrong links by network address, in memory: they never reach the store."""

    def __init__(self, most: int = MOST_WRONG_LINKS) -> None:
        self._most = most
        self._seen: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def has_had_enough(self, address: str) -> bool:
        """Whether an address must wait."""
        with self._lock:
            seen = self._seen.get(address, deque())
            while seen and seen[0] < time.monotonic() - WINDOW_SECONDS:
                seen.popleft()
            return len(seen) >= self._most

    def add(self, address: str) -> None:
        """Count a wrong link."""
        with self._lock:
            self._seen.setdefault(address, deque(maxlen=self._most)).append(time.monotonic())
            self._seen.move_to_end(address)
            while len(self._seen) > MOST_ADDRESSES:
                self._seen.popitem(last=False)
