"""When does a plan charge, and how much: recurring payments, installments, AutoPay.

Dates are the firm's days. Each date is counted from the first one, never from the one before
it: a plan of the 31st charges on the last day of February and on the 31st of March again.
"""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from portal.domain.errors import Invalid
from portal.domain.holidays import BusinessDays

MOST_OCCURRENCES = 600
"""Of one plan: weekly for more than eleven years."""
BUFFER_DAYS = (5, 7, 9)
"""How long before an AutoPay charge its reminder may go out; the firm chooses one."""
_LAST_YEAR = 2199
_AUTOPAY_GAP = 20
"""Days between two charges of AutoPay at the least, whatever months they are for."""
_DAYS = {"weekly": 7, "two_weeks": 14}
_MONTHS = {"monthly": 1, "quarterly": 3, "yearly": 12}


class Frequency(StrEnum):
    """How often a plan charges."""

    WEEKLY = "weekly"
    TWO_WEEKS = "two_weeks"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    YEARLY = "yearly"

    @property
    def label(self) -> str:
        """As a person reads it."""
        return {"two_weeks": "Every two weeks"}.get(self.value, self.value.capitalize())


@dataclass(frozen=True, kw_only=True)
class Due:
    """One dated part of a plan. `nominal_date` is the plan's own day, `due_date` when it charges.

    The two differ where the plan's day is a weekend or a holiday.
    """

    number: int
    nominal_date: date
    due_date: date
    amount_cents: int


@dataclass(frozen=True, kw_only=True)
class RecurringTerms:
    """What was agreed. The end is exclusive; at most one of the three limits is given."""

    amount_cents: int
    frequency: Frequency
    start_date: date
    end_date: date | None = None
    occurrence_limit: int | None = None
    total_cents: int | None = None

    def check(self) -> None:
        """Refuse terms that say nothing or two things.

        Raises: Invalid.
        """
        limits = (self.end_date, self.occurrence_limit, self.total_cents)
        if self.amount_cents <= 0:
            raise Invalid("The amount must be more than zero.")
        if sum(limit is not None for limit in limits) > 1:
            raise Invalid("Give the plan one end: a date, a number of payments, or a total.")
        if self.end_date is not None and self.end_date <= self.start_date:
            raise Invalid("The end date must be after the start date; it is not charged itself.")
        if self.occurrence_limit is not None and not 1 <= self.occurrence_limit <= MOST_OCCURRENCES:
            raise Invalid(f"The number of payments must be from 1 to {MOST_OCCURRENCES}.")
        if self.total_cents is not None:
            if self.total_cents < self.amount_cents:
                raise Invalid("The total can't be less than one payment.")
            if -(-self.total_cents // self.amount_cents) > MOST_OCCURRENCES:
                raise Invalid(f"That total needs more than {MOST_OCCURRENCES} payments.")


def nominal_date(start: date, frequency: Frequency, steps: int) -> date:
    """The plan's own day so many steps after its start."""
    if frequency in _DAYS:
        return start + timedelta(days=_DAYS[frequency] * steps)
    return months_later(start, _MONTHS[frequency] * steps)


def months_later(start: date, months: int, day_of_month: int | None = None) -> date:
    """The same day so many months later, or the last day of a month that is too short."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return day_in_month(year, month + 1, day_of_month or start.day)


def day_in_month(year: int, month: int, day_of_month: int) -> date:
    """A day of a month; 29, 30 and 31 are its last day where it has fewer."""
    return date(year, month, min(day_of_month, calendar.monthrange(year, month)[1]))


def recurring(terms: RecurringTerms, days: BusinessDays, *, after: int = 0) -> Iterator[Due]:
    """The parts of a recurring plan from number `after + 1` on; endless where it has no end.

    With a total, the last part is what is left of it. A day on which banks are closed is
    charged on the next business day; the end compares the plan's own days.
    """
    number = after
    while number < _most(terms):
        nominal = nominal_date(terms.start_date, terms.frequency, number)
        if nominal.year > _LAST_YEAR or (terms.end_date is not None and nominal >= terms.end_date):
            return
        amount = terms.amount_cents
        if terms.total_cents is not None:
            amount = min(amount, terms.total_cents - terms.amount_cents * number)
        number += 1
        yield Due(
            number=number,
            nominal_date=nominal,
            due_date=days.on_or_after(nominal),
            amount_cents=amount,
        )


def split_evenly(total_cents: int, count: int) -> list[int]:
    """Split an amount into equal parts; the last one takes the odd cents.

    Raises: Invalid where a part would be nothing.
    """
    if not 1 <= count <= MOST_OCCURRENCES:
        raise Invalid(f"The number of installments must be from 1 to {MOST_OCCURRENCES}.")
    if total_cents < count:
        raise Invalid("Each installment must be at least one cent.")
    part = total_cents // count
    return [part] * (count - 1) + [total_cents - part * (count - 1)]


def installments(
    total_cents: int, count: int, start: date, frequency: Frequency, days: BusinessDays
) -> list[Due]:
    """The dated parts of an amount: equal, the last one with the odd cents."""
    return [
        Due(
            number=number,
            nominal_date=(nominal := nominal_date(start, frequency, number - 1)),
            due_date=days.on_or_after(nominal),
            amount_cents=cents,
        )
        for number, cents in enumerate(split_evenly(total_cents, count), start=1)
    ]


def first_autopay(today: date, day_of_month: int, buffer_days: int, days: BusinessDays) -> date:
    """When AutoPay charges first: the first such day whose reminder can still go out in time.

    Raises: Invalid for a day that no month has.
    """
    return _autopay_day(today, today, day_of_month, buffer_days, days)


def next_autopay(
    previous: date,
    today: date,
    day_of_month: int,
    buffer_days: int,
    days: BusinessDays,
    *,
    previous_day: int | None = None,
) -> date:
    """When AutoPay charges after a charge: once a month, also where its day was changed.

    `previous_day` is the day of the month that `previous` was for, if it was another one.
    Raises: Invalid for a day that no month has.
    """
    earliest = previous + timedelta(days=_AUTOPAY_GAP)
    month = months_later(_month_of(previous, previous_day or day_of_month, days), 1)
    return _autopay_day(earliest, today, day_of_month, buffer_days, days, month)


def _month_of(due: date, day_of_month: int, days: BusinessDays) -> date:
    """The month a charge was for: the one before where a weekend moved its last day into this."""
    month = due.replace(day=1)
    before = months_later(month, -1)
    return before if days.on_or_after(months_later(before, 0, day_of_month)) == due else month


def _autopay_day(
    earliest: date,
    today: date,
    day_of_month: int,
    buffer_days: int,
    days: BusinessDays,
    month: date | None = None,
) -> date:
    if not 1 <= day_of_month <= 31:
        raise Invalid("AutoPay runs on a day of the month from 1 to 31.")
    # The month before counts as well: its last day may be moved into this one by a weekend.
    month = month or months_later(earliest.replace(day=1), -1)
    for step in range(60):
        due = days.on_or_after(months_later(month, step, day_of_month))
        if due >= earliest and reminder_date(due, buffer_days) >= today:
            return due
    raise Invalid("The firm's closed days leave AutoPay no day to run on.")


def reminder_date(due: date, buffer_days: int) -> date:
    """When the reminder of an AutoPay charge goes out."""
    return due - timedelta(days=buffer_days)


def capped(owed: list[tuple[str, int]], cap_cents: int | None) -> list[tuple[str, int]]:
    """What is paid of each invoice under a monthly cap: in the order given, the last in part."""
    left = sum(cents for _, cents in owed) if cap_cents is None else cap_cents
    paid = []
    for invoice_id, cents in owed:
        part = min(cents, left)
        if part > 0:
            paid.append((invoice_id, part))
        left -= part
    return paid


def _most(terms: RecurringTerms) -> int:
    if terms.occurrence_limit is not None:
        return terms.occurrence_limit
    if terms.total_cents is not None:
        return -(-terms.total_cents // terms.amount_cents)
    return 10**6
