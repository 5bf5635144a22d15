"""The simulator: what will the statement runs of the coming days do, if nothing else happens?"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from portal.domain.collection_rules import CollectionRules, Mode
from portal.domain.statement_days import IsHoliday, is_run_day, window_of
from portal.domain.statements import Account, Decision, decide

MOST_DAYS = 30
"""So far ahead one can look."""


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """One day of the simulator. `is_run_day` is False for weekends and holidays."""

    day: date
    is_run_day: bool
    decisions: tuple[Decision, ...] = ()

    @property
    def sent(self) -> list[Decision]:
        """The statements that go out or are staged."""
        return [one for one in self.decisions if one.is_sent]

    @property
    def suppressed(self) -> list[Decision]:
        """The clients that get none, each with its reason."""
        return [one for one in self.decisions if not one.is_sent]


def forecast(
    accounts: Iterable[Account],
    first: date,
    last: date,
    last_run: date | None,
    rules: CollectionRules,
    is_federal_holiday: IsHoliday,
) -> list[Forecast]:
    """Play the days from `first` to `last` in order, on what is open now.

    What one day sends keeps the throttle for the next; staged statements count as sent that day.
    """
    known: Mapping[str, Account] = {one.client_id: one for one in accounts}
    known = dict(known)
    days: list[Forecast] = []
    day = first
    while day <= last:
        if not rules.is_on or not is_run_day(day, rules, is_federal_holiday):
            days.append(Forecast(day=day, is_run_day=False))
        else:
            window = window_of(day, last_run, rules, is_federal_holiday)
            made = run_day(known.values(), window.day, last_run, rules, is_federal_holiday)
            for one in made:
                if one.is_sent:
                    known[one.account.client_id] = after_sending(one.account, day)
            days.append(Forecast(day=day, is_run_day=True, decisions=tuple(made)))
            last_run = day
        day += timedelta(days=1)
    return days


def run_day(
    accounts: Iterable[Account],
    day: date,
    last_run: date | None,
    rules: CollectionRules,
    is_federal_holiday: IsHoliday,
) -> list[Decision]:
    """All decisions of one run day, in the order of client numbers."""
    window = window_of(day, last_run, rules, is_federal_holiday)
    made = (decide(account, window, rules) for account in accounts)
    return in_order([one for one in made if one is not None])


def in_order(decisions: Sequence[Decision]) -> list[Decision]:
    """Decisions in the order in which a run makes them."""
    return sorted(decisions, key=lambda one: (one.account.client_number, one.account.client_id))


def after_sending(account: Account, day: date) -> Account:
    """The account once a statement of that day is out; reviewed ones are taken as sent that day."""
    return replace(account, last_statement_on=day, is_waiting=False)


def is_automatic(decision: Decision) -> bool:
    """Whether a statement goes out without anybody looking at it."""
    return decision.is_sent and decision.trigger.mode is Mode.AUTOMATIC
