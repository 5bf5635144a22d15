"""The firm's rules for taking and returning money."""

from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from portal.domain.fees import FeePolicy

ALL_KINDS = frozenset({"credit", "debit", "ach"})


@dataclass(frozen=True, kw_only=True)
class PaymentPolicy:
    """What firm.toml says of payments.

    `refund_days`: how long after the capture a refund is taken. Above `approval_cents` a
    second person must approve it; None: never. `partner_receipts`: partners get a copy of
    the receipts of their clients.
    """

    firm_name: str = "Your firm"
    currency: str = "USD"
    fees: FeePolicy = field(default_factory=FeePolicy)
    kinds: frozenset[str] = ALL_KINDS
    most_cents: int = 1_000_000_00
    refund_days: int = 90
    approval_cents: int | None = 1_000_00
    partner_receipts: bool = False
    page_minutes: int = 30
    timezone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))

    def day_of(self, at: datetime) -> date:
        """The firm's day at an instant, as receipts say it."""
        return at.astimezone(self.timezone).date()
