"""What every rule of the sandbox works with: the book, the time, new references, events, fees."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from portal.domain.holidays import BusinessDays
from portal.gateways.sandbox.book import Book, time_text
from portal.gateways.sandbox.rows import EntryRow, EventRow, PaymentRow, StepRow
from portal.services.gateway_states import EventKind, LineKind, MethodKind

_BANKS = BusinessDays()


def random_ref(kind: str) -> str:
    """A reference nobody can guess; the kind in front is for people who read it."""
    return f"{kind}_{secrets.token_urlsafe(18)}"


@dataclass(frozen=True, kw_only=True)
class SandboxRates:
    """What the sandbox takes from the firm, and how slow its banks are."""

    card_bps: int = 290
    card_cents: int = 30
    ach_bps: int = 80
    ach_cap_cents: int = 500
    dispute_cents: int = 1500
    return_cents: int = 400
    ach_days: int = 4
    payout_days: int = 2

    def of(self, kind: MethodKind, cents: int) -> int:
        """The fee on a captured amount, half a cent rounded up."""
        if kind is MethodKind.ACH:
            return min((cents * self.ach_bps + 5_000) // 10_000, self.ach_cap_cents)
        return (cents * self.card_bps + 5_000) // 10_000 + self.card_cents


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """One transaction of the sandbox at one instant."""

    book: Book
    now: datetime
    zone: ZoneInfo
    rates: SandboxRates
    public_url: str
    new_ref: Callable[[str], str] = field(default=random_ref)

    @property
    def now_text(self) -> str:
        """The instant as the file keeps it."""
        return time_text(self.now)

    @property
    def today(self) -> date:
        """The firm's day."""
        return self.day_of(self.now)

    def day_of(self, at: datetime) -> date:
        """The firm's day at an instant."""
        return at.astimezone(self.zone).date()

    def tell(self, kind: EventKind, at: datetime | None = None, **refs: str | None) -> None:
        """Put an event into the post."""
        moment = time_text(at or self.now)
        event = EventRow(
            event_id=self.new_ref("evt"), kind=kind.value, at=moment, next_try_at=moment, **refs
        )
        self.book.add(event)

    def tell_payment(self, payment: PaymentRow, at: datetime | None = None) -> None:
        """Say that a payment changed."""
        self.tell(EventKind.PAYMENT, at, payment_ref=payment.ref, page_ref=payment.page_ref)

    def later(self, kind: str, subject: str, at: datetime) -> None:
        """Let something happen by itself."""
        self.book.add(StepRow(at=time_text(at), kind=kind, subject=subject))

    def in_business_days(self, days: int, at: datetime | None = None) -> datetime:
        """The same time of day so many business days later."""
        start = (at or self.now).astimezone(self.zone)
        return datetime.combine(
            _BANKS.after(start.date(), days), start.time(), self.zone
        ).astimezone(UTC)

    def enter(
        self,
        kind: LineKind,
        payment: PaymentRow,
        gross_cents: int,
        fee_cents: int,
        *,
        at: datetime,
        refund_ref: str | None = None,
    ) -> None:
        """Write a movement of the firm's money."""
        entry = EntryRow(
            at=time_text(at),
            paid_date=_BANKS.after(self.day_of(at), self.rates.payout_days).isoformat(),
            kind=kind.value,
            payment_ref=payment.ref,
            refund_ref=refund_ref,
            currency=payment.currency,
            gross_cents=gross_cents,
            fee_cents=fee_cents,
            net_cents=gross_cents - fee_cents,
        )
        self.book.add(entry)
