"""On which days do statements go out, and which ages of an invoice does such a day answer for?"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from portal.domain.collection_rules import CollectionRules, Trigger
from portal.domain.errors import Invalid

CATCH_UP_DAYS = 7
"""A run that was missed is made up for by the next one, as long as it was no longer ago."""
_MOST_AHEAD = 400

IsHoliday = Callable[[date], bool]


@dataclass(frozen=True, kw_only=True)
class Window:
    """The days a run answers for: after `after`, up to and with its own `day`."""

    after: date
    day: date

    def holds(self, reached: date | None) -> bool:
        """Whether an age reached on that day belongs to this run."""
        return reached is not None and self.after < reached <= self.day


def is_run_day(day: date, rules: CollectionRules, is_federal_holiday: IsHoliday) -> bool:
    """Whether statements go out on this day: a weekday of the firm's choice and no holiday."""
    return day.weekday() in rules.weekdays and not is_holiday(day, rules, is_federal_holiday)


def next_run_day(day: date, rules: CollectionRules, is_federal_holiday: IsHoliday) -> date:
    """The first run day on or after a day.

    Raises: Invalid where the rules leave none within a year.
    """
    return _walk(day, 1, rules, is_federal_holiday)


def previous_run_day(day: date, rules: CollectionRules, is_federal_holiday: IsHoliday) -> date:
    """The last run day before a day.

    Raises: Invalid where the rules leave none within a year.
    """
    return _walk(day - timedelta(days=1), -1, rules, is_federal_holiday)


def window_of(
    day: date, last_run: date | None, rules: CollectionRules, is_federal_holiday: IsHoliday
) -> Window:
    """The days a run of this day answers for: since the run before it, or a missed one's start.

    `last_run` is the day of the last run there was; the portal may have been down since.
    """
    scheduled = previous_run_day(day, rules, is_federal_holiday)
    if last_run is None or last_run >= scheduled:
        return Window(after=scheduled, day=day)
    return Window(after=max(last_run, scheduled - timedelta(days=CATCH_UP_DAYS)), day=day)


def is_holiday(day: date, rules: CollectionRules, is_federal_holiday: IsHoliday) -> bool:
    """Whether the firm mails nobody on this day: a federal holiday, or one of its own."""
    return day in rules.holidays or (rules.federal_holidays and is_federal_holiday(day))


def leaves_on(day: date, rules: CollectionRules, is_federal_holiday: IsHoliday) -> date:
    """The day on which a statement leaves that somebody sends on a day: never a holiday."""
    if not is_holiday(day, rules, is_federal_holiday):
        return day
    return next_run_day(day, rules, is_federal_holiday)


def reached_on(trigger: Trigger, invoice_date: date | None, due_date: date | None) -> date | None:
    """The day on which an invoice reaches a trigger's age; None for one without that date."""
    start = due_date if trigger.basis == "due" else invoice_date
    return None if start is None else start + timedelta(days=trigger.days)


def run_time(day: date, rules: CollectionRules, timezone: ZoneInfo) -> datetime:
    """The instant of a day's run. In the hour a clock skips or repeats it is the first such one."""
    # In UTC: two instants of one zone compare by their wall clocks, which lies twice a year.
    return datetime.combine(day, rules.send_at, tzinfo=timezone).astimezone(UTC)


def _walk(day: date, step: int, rules: CollectionRules, is_federal_holiday: IsHoliday) -> date:
    for _ in range(_MOST_AHEAD):
        if is_run_day(day, rules, is_federal_holiday):
            return day
        day += timedelta(days=step)
    raise Invalid("These rules leave no day on which statements could go out.")
