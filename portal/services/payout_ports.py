"""Payouts, daily payment files and the queue of exceptions: records and repositories."""

# ruff: noqa: D102

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from portal.services.gateway_states import LineKind


@dataclass(frozen=True, kw_only=True)
class Payout:
    """One transfer of the gateway to the firm's bank: `open` until somebody closes it."""

    payout_id: str
    gateway: str
    gateway_ref: str
    paid_date: date
    currency: str
    amount_cents: int
    fee_cents: int
    state: str = "open"
    closed_by: str | None = None
    closed_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class PayoutLine:
    """One movement of a payout. A line without our payment is one nobody here knows."""

    payout_id: str
    line_no: int
    kind: LineKind
    payment_id: str | None = None
    refund_id: str | None = None
    gross_cents: int
    fee_cents: int
    net_cents: int


def line_subject(gateway_ref: str, line_no: int) -> str:
    """What an exception about a line of a payout is about."""
    return f"{gateway_ref}/{line_no}"


@dataclass(frozen=True, kw_only=True)
class PaymentFile:
    """A day's file for the bookkeeper: made once a day, layout and kind."""

    file_id: str
    day: date
    layout: str
    kind: str
    sha256: str
    row_count: int
    total_cents: int
    path: str
    made_at: datetime


NOBODYS = "reconciliation"
"""The owner of an exception that nobody has taken yet: whoever reconciles."""


@dataclass(frozen=True, kw_only=True)
class WorkException:
    """Something that does not fit and that a person must look at. One open per subject.

    `owner` is the key of the user who looks after it, or NOBODYS.
    """

    exception_id: str
    kind: str
    subject: str
    detail: Mapping[str, object] = field(default_factory=dict)
    opened_at: datetime
    owner: str = NOBODYS
    resolved_at: datetime | None = None
    resolved_by: str | None = None
    resolution: str | None = None


@dataclass(frozen=True, kw_only=True)
class DayLine:
    """One movement of money of a day, by the payment ID it is posted under.

    `key` tells it from every other movement, so that no two files tell the same one.
    """

    key: str
    at: datetime
    payment_id: str
    entry: str
    client_id: str | None
    invoice_id: str | None
    invoice_number: str
    method: str
    brand: str
    currency: str
    cents: int


def key_of_payment(item_id: str) -> str:
    """The key of the line that tells a payment's item."""
    return f"payment:{item_id}"


MOVED = "associated after its file"
"""The step of a payment that a file has told under the catch-all client."""


class DayLines(Protocol):
    """What moved in a span of time."""

    def between(self, start: datetime, end: datetime) -> list[DayLine]: ...


class Payouts(Protocol):
    """The gateway's transfers."""

    def find(self, payout_id: str) -> Payout | None: ...
    def find_by_ref(self, gateway_ref: str) -> Payout | None: ...
    def since(self, day: date) -> list[Payout]: ...
    def add(self, payout: Payout, lines: Iterable[PayoutLine]) -> None: ...
    def save(self, payout: Payout) -> None: ...
    def lines(self, payout_id: str) -> list[PayoutLine]: ...
    def lines_of_payment(self, payment_id: str) -> list[PayoutLine]: ...


class PaymentFiles(Protocol):
    """The daily files."""

    def find(self, file_id: str) -> PaymentFile | None: ...
    def of_day(self, day: date) -> list[PaymentFile]: ...
    def latest(self, limit: int) -> list[PaymentFile]: ...
    def add(self, file: PaymentFile) -> bool: ...
    def filed(self, line_keys: Iterable[str]) -> dict[str, date]: ...
    def mark_filed(self, line_keys: Iterable[str], day: date) -> None: ...


class Exceptions(Protocol):
    """The queue that somebody owns."""

    def find(self, exception_id: str) -> WorkException | None: ...
    def open(self) -> list[WorkException]: ...
    def has_been(self, kind: str, subject: str) -> bool: ...
    def open_on(self, kind: str, subject: str) -> WorkException | None: ...
    def add(self, exception: WorkException) -> bool: ...
    def save(self, exception: WorkException) -> None: ...
