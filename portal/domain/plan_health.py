"""How is a payment plan doing: will its card last, and does it clear what is owed?"""

import calendar
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from portal.domain.money import format_cents
from portal.domain.schedules import Frequency

_PAYMENTS_A_YEAR = {
    Frequency.WEEKLY: 52,
    Frequency.TWO_WEEKS: 26,
    Frequency.MONTHLY: 12,
    Frequency.QUARTERLY: 4,
    Frequency.YEARLY: 1,
}
_SOON_DAYS = 60
"""A card of a plan without an end is told of so long before it expires."""


class Health(StrEnum):
    """How a plan is doing, from good to bad."""

    GOOD = "Good"
    WATCH = "Watch"
    AT_RISK = "At risk"


@dataclass(frozen=True, kw_only=True)
class HealthNote:
    """One thing about a plan that somebody should know."""

    health: Health
    text: str


@dataclass(frozen=True, kw_only=True)
class PlanFacts:
    """What the health of a plan depends on; None where it does not apply or is not known."""

    today: date
    currency: str
    is_paused: bool = False
    paused_reason: str | None = None
    has_method: bool = True
    card_expires: tuple[int, int] | None = None
    """Year and month; the card works to the end of it."""
    last_due_date: date | None = None
    """None for a plan without an end."""
    remaining_cents: int | None = None
    """What the plan will still pay; None where it has no end."""
    covers_cents: int | None = None
    """What is still owed on what the plan is about."""
    owed_cents: int = 0
    """What the client owes in all."""
    monthly_cents: int | None = None
    """What the plan pays in an average month."""
    billed_monthly_cents: int = 0
    """What the client was billed in an average month lately."""
    failed_tries: int = 0
    missed: int = 0
    skipped: int = 0


def monthly_rate(amount_cents: int, frequency: Frequency) -> int:
    """What a plan pays in an average month."""
    return int(Fraction(amount_cents * _PAYMENTS_A_YEAR[frequency], 12))


def health_notes(facts: PlanFacts) -> tuple[HealthNote, ...]:
    """What somebody should know about a plan, the worst first; nothing where all is well."""
    found = [
        *_standing(facts),
        *_card(facts),
        *_clearing(facts),
        *_outpaced(facts),
    ]
    order = {Health.AT_RISK: 0, Health.WATCH: 1, Health.GOOD: 2}
    return tuple(sorted(found, key=lambda note: order[note.health]))


def overall(notes: tuple[HealthNote, ...]) -> Health:
    """The worst of the notes."""
    return notes[0].health if notes else Health.GOOD


def card_works_until(year: int, month: int) -> date:
    """The last day on which a card can be charged."""
    return date(year, month, calendar.monthrange(year, month)[1])


def clears_balance(facts: PlanFacts) -> bool | None:
    """Whether what is still to come pays all that the plan is about; None where it has no end."""
    if facts.remaining_cents is None or facts.covers_cents is None:
        return None
    return facts.remaining_cents >= facts.covers_cents


def _standing(facts: PlanFacts) -> list[HealthNote]:
    found = []
    if facts.is_paused:
        text = f"Paused: {facts.paused_reason}" if facts.paused_reason else "Paused"
        found.append(HealthNote(health=Health.AT_RISK, text=text))
    if not facts.has_method:
        text = "There is no method to charge: choose a saved one."
        found.append(HealthNote(health=Health.AT_RISK, text=text))
    if facts.failed_tries:
        text = f"A payment failed {_times(facts.failed_tries)} and is tried again."
        found.append(HealthNote(health=Health.AT_RISK, text=text))
    if facts.missed:
        text = f"{_payments(facts.missed)} missed: charge or skip what is left."
        found.append(HealthNote(health=Health.AT_RISK, text=text))
    if facts.skipped:
        text = f"{_payments(facts.skipped)} skipped."
        found.append(HealthNote(health=Health.WATCH, text=text))
    return found


def _card(facts: PlanFacts) -> list[HealthNote]:
    if facts.card_expires is None:
        return []
    until = card_works_until(*facts.card_expires)
    if until < facts.today:
        text = "The card has expired."
        return [HealthNote(health=Health.AT_RISK, text=text)]
    if facts.last_due_date is not None:
        if until < facts.last_due_date:
            text = (
                f"The card expires on {until:%b} {until.day}, {until.year}, before the plan ends."
            )
            return [HealthNote(health=Health.WATCH, text=text)]
        return []
    if (until - facts.today).days <= _SOON_DAYS:
        text = f"The card expires on {_day(until)}."
        return [HealthNote(health=Health.WATCH, text=text)]
    return []


def _clearing(facts: PlanFacts) -> list[HealthNote]:
    if clears_balance(facts) is not False:
        return []
    short = format_cents((facts.covers_cents or 0) - (facts.remaining_cents or 0), facts.currency)
    return [HealthNote(health=Health.WATCH, text=f"It leaves {short} unpaid at its end.")]


def _outpaced(facts: PlanFacts) -> list[HealthNote]:
    if facts.monthly_cents is None or facts.owed_cents <= 0:
        return []
    if facts.billed_monthly_cents <= facts.monthly_cents:
        return []
    billed = format_cents(facts.billed_monthly_cents, facts.currency)
    text = f"New invoices outpace it: {billed} billed in an average month."
    return [HealthNote(health=Health.WATCH, text=text)]


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number} times")


def _payments(number: int) -> str:
    return "1 payment was" if number == 1 else f"{number} payments were"


def _day(day: date) -> str:
    return f"{day:%b} {day.day}, {day.year}"
