"""Is a promise to pay kept, still open, or broken? Payments decide, nobody ticks a box."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class PromiseState(StrEnum):
    """What became of a promise."""

    OPEN = "open"
    KEPT = "kept"
    BROKEN = "broken"
    WITHDRAWN = "withdrawn"
    """Taken back by whoever noted it: a slip of the pen, or another promise in its place."""


@dataclass(frozen=True, kw_only=True)
class Payment:
    """A part of a payment: of one invoice, or not applied (None). A return is negative."""

    currency: str
    paid_on: date
    cents: int
    invoice_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class Promised:
    """A promise as it is judged. Without an invoice any payment of the client counts.

    `known_cents` of the payments dated from `made_on` on were known when it was made: they
    are not what was promised.
    """

    promise_id: str
    currency: str
    amount_cents: int
    made_on: date
    promised_on: date
    grace_days: int
    invoice_id: str | None = None
    known_cents: int = 0


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What was received for a promise and what that makes of it."""

    promise_id: str
    state: PromiseState
    received_cents: int


def last_day(promised_on: date, grace_days: int) -> date:
    """The last day on which a payment keeps the promise."""
    return promised_on + timedelta(days=grace_days)


def counted(promise: Promised, payments: Iterable[Payment]) -> int:
    """What was paid from the day of the promise on, of what it is about."""
    return sum(one.cents for one in payments if _counts(promise, one))


def judge(promises: Sequence[Promised], payments: Sequence[Payment], today: date) -> list[Verdict]:
    """Judge all promises of one client together: no cent keeps two of them.

    The earlier promised day is served first. What comes after its last day keeps no promise, so
    a broken one stays broken; a returned payment makes a kept one open or broken again.
    """
    parts = _settled(payments)
    received: dict[str, int] = {}
    for promise in sorted(promises, key=lambda one: (one.promised_on, one.made_on, one.promise_id)):
        received[promise.promise_id] = _take(promise, parts)
    return [_verdict(promise, received[promise.promise_id], today) for promise in promises]


@dataclass
class _Part:
    """A payment and what of it no promise has used."""

    payment: Payment
    left: int


def _settled(payments: Sequence[Payment]) -> list[_Part]:
    """Payments in order of their days, each less what was returned of it."""
    ordered = sorted(payments, key=lambda one: (one.paid_on, one.cents))
    parts = [_Part(one, one.cents) for one in ordered if one.cents > 0]
    for back in (one for one in ordered if one.cents < 0):
        to_take = -back.cents
        same = [
            part
            for part in reversed(parts)
            if (part.payment.currency, part.payment.invoice_id) == (back.currency, back.invoice_id)
        ]
        for part in same:
            taken = min(part.left, to_take)
            part.left -= taken
            to_take -= taken
    return parts


def _take(promise: Promised, parts: Sequence[_Part]) -> int:
    """Use up to the promised amount of the payments that count for a promise."""
    until = last_day(promise.promised_on, promise.grace_days)
    known, wanted = promise.known_cents, promise.amount_cents
    for part in parts:
        one = part.payment
        if not (_counts(promise, one) and one.paid_on <= until):
            continue
        skipped = min(known, one.cents)
        known -= skipped
        taken = max(min(part.left, one.cents - skipped, wanted), 0)
        part.left -= taken
        wanted -= taken
    return promise.amount_cents - wanted


def _counts(promise: Promised, payment: Payment) -> bool:
    return (
        payment.currency == promise.currency
        and payment.paid_on >= promise.made_on
        and promise.invoice_id in (None, payment.invoice_id)
    )


def _verdict(promise: Promised, received_cents: int, today: date) -> Verdict:
    if received_cents >= promise.amount_cents:
        state = PromiseState.KEPT
    elif today > last_day(promise.promised_on, promise.grace_days):
        state = PromiseState.BROKEN
    else:
        state = PromiseState.OPEN
    return Verdict(promise_id=promise.promise_id, state=state, received_cents=received_cents)
