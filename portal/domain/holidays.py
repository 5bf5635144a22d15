"""Business days: which days are banks open, and what is the next one?

US federal holidays by rule, and the days on which the firm itself is closed.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

_MONDAY, _THURSDAY, _SATURDAY, _SUNDAY = 0, 3, 5, 6
_ONE_DAY = timedelta(days=1)
_FIRST_JUNETEENTH = 2021
"""The year in which Juneteenth became a federal holiday."""
_LONGEST_CLOSURE = 366
"""A firm that says it is closed for more than a year has mistyped its days."""


@lru_cache(maxsize=256)
def federal_holidays(year: int) -> frozenset[date]:
    """The days of a year on which US banks are closed.

    A holiday on a Sunday is kept on the Monday after it. One on a Saturday is kept by federal
    offices on the Friday before, but not by the Federal Reserve: banks are open that Friday.
    """
    fixed = [date(year, 1, 1), date(year, 7, 4), date(year, 11, 11), date(year, 12, 25)]
    if year >= _FIRST_JUNETEENTH:
        fixed.append(date(year, 6, 19))
    return frozenset(
        [
            *(day + _ONE_DAY if day.weekday() == _SUNDAY else day for day in fixed),
            _nth(year, 1, _MONDAY, 3),
            _nth(year, 2, _MONDAY, 3),
            _last(year, 5, _MONDAY),
            _nth(year, 9, _MONDAY, 1),
            _nth(year, 10, _MONDAY, 2),
            _nth(year, 11, _THURSDAY, 4),
        ]
    )


@dataclass(frozen=True)
class BusinessDays:
    """The days on which money moves: weekdays that are neither a holiday nor closed by the firm."""

    closed: frozenset[date] = field(default_factory=frozenset)

    @classmethod
    def without(cls, closed: Iterable[date]) -> "BusinessDays":
        """Federal holidays and these days of the firm's own."""
        return cls(frozenset(closed))

    def is_open(self, day: date) -> bool:
        """Whether money moves on this day."""
        return (
            day.weekday() < _SATURDAY
            and day not in self.closed
            and day not in federal_holidays(day.year)
        )

    def on_or_after(self, day: date) -> date:
        """The day itself where it is a business day, else the next one."""
        for _ in range(_LONGEST_CLOSURE):
            if self.is_open(day):
                return day
            day += _ONE_DAY
        return day

    def on_or_before(self, day: date) -> date:
        """The day itself where it is a business day, else the one before it."""
        for _ in range(_LONGEST_CLOSURE):
            if self.is_open(day):
                return day
            day -= _ONE_DAY
        return day

    def after(self, day: date, count: int) -> date:
        """The business day that comes `count` business days later: T+2 of a payout."""
        for _ in range(count):
            day = self.on_or_after(day + _ONE_DAY)
        return day


def _nth(year: int, month: int, weekday: int, count: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (count - 1))


def _last(year: int, month: int, weekday: int) -> date:
    following = date(year + month // 12, month % 12 + 1, 1) - _ONE_DAY
    return following - timedelta(days=(following.weekday() - weekday) % 7)
