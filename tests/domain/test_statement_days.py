"""Run days, missed runs, and the hour a clock skips or repeats."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from portal.domain.collection_rules import CollectionRules, Trigger, check_rules, read_rules
from portal.domain.errors import Invalid
from portal.domain.holidays import federal_holidays
from portal.domain.statement_days import (
    CATCH_UP_DAYS,
    Window,
    is_run_day,
    next_run_day,
    previous_run_day,
    reached_on,
    run_time,
    window_of,
)

NEW_YORK = ZoneInfo("America/New_York")
RULES = CollectionRules()
FRIDAY = date(2026, 7, 3)


def is_federal(day: date) -> bool:
    return day in federal_holidays(day.year)


def test_weekends_federal_holidays_and_the_firms_own_days_are_no_run_days() -> None:
    rules = CollectionRules(holidays=(date(2026, 7, 2),))

    assert not is_run_day(date(2026, 7, 4), rules, is_federal)
    assert not is_run_day(date(2026, 7, 5), rules, is_federal)
    assert not is_run_day(date(2026, 9, 7), rules, is_federal)
    assert not is_run_day(date(2026, 7, 2), rules, is_federal)
    assert is_run_day(date(2026, 7, 6), rules, is_federal)
    assert is_run_day(date(2026, 9, 7), CollectionRules(federal_holidays=False), is_federal)


def test_what_comes_of_age_on_a_weekend_is_answered_for_on_monday() -> None:
    monday = next_run_day(FRIDAY + timedelta(days=1), RULES, is_federal)

    window = window_of(monday, FRIDAY, RULES, is_federal)

    assert monday == date(2026, 7, 6)
    assert window == Window(after=FRIDAY, day=monday)
    assert window.holds(date(2026, 7, 4)) and window.holds(monday)
    assert not window.holds(FRIDAY)


def test_every_day_is_answered_for_by_exactly_one_run_of_a_year() -> None:
    day, last, held = date(2026, 1, 1), None, []
    while day < date(2027, 1, 1):
        if is_run_day(day, RULES, is_federal):
            window = window_of(day, last, RULES, is_federal)
            held += [window.after + timedelta(days=n + 1) for n in range((day - window.after).days)]
            last = day
        day += timedelta(days=1)

    assert held == sorted(set(held))
    assert (held[-1] - held[0]).days + 1 == len(held)


def test_the_next_run_makes_up_for_a_missed_one_but_not_for_a_month() -> None:
    wednesday = date(2026, 6, 24)

    missed_one = window_of(wednesday, date(2026, 6, 22), RULES, is_federal)
    missed_many = window_of(wednesday, date(2026, 5, 1), RULES, is_federal)

    assert missed_one.after == date(2026, 6, 22)
    assert missed_many.after == date(2026, 6, 23) - timedelta(days=CATCH_UP_DAYS)


def test_a_clock_that_went_back_makes_no_window_longer() -> None:
    window = window_of(date(2026, 6, 24), date(2026, 6, 25), RULES, is_federal)

    assert window.after == previous_run_day(date(2026, 6, 24), RULES, is_federal)


@pytest.mark.parametrize("day", [date(2026, 3, 8), date(2026, 11, 1)])
@pytest.mark.parametrize("at", [time(1, 30), time(2, 30), time(11, 30)])
def test_a_run_has_one_instant_on_the_nights_the_clock_changes(day: date, at: time) -> None:
    rules = CollectionRules(send_at=at)

    instant = run_time(day, rules, NEW_YORK)

    assert instant.astimezone(NEW_YORK).date() == day
    assert run_time(day + timedelta(days=1), rules, NEW_YORK) > instant
    assert instant.utcoffset() == timedelta(0)


def test_half_past_eleven_is_an_hour_earlier_in_the_worlds_time_in_summer() -> None:
    assert run_time(date(2026, 7, 6), RULES, NEW_YORK) == datetime(2026, 7, 6, 15, 30, tzinfo=UTC)
    assert run_time(date(2026, 1, 5), RULES, NEW_YORK) == datetime(2026, 1, 5, 16, 30, tzinfo=UTC)


def test_an_invoice_without_a_due_date_never_comes_of_age() -> None:
    assert reached_on(Trigger(days=30), date(2026, 1, 1), None) is None


def test_rules_come_back_from_the_store_as_they_were_saved() -> None:
    assert read_rules(RULES.written()) == RULES


@pytest.mark.parametrize(
    "wrong",
    [
        CollectionRules(triggers=(Trigger(days=30), Trigger(days=30))),
        CollectionRules(triggers=(Trigger(days=-1),)),
        CollectionRules(triggers=(Trigger(days=30, message="gone"),)),
        CollectionRules(throttle_days=0),
        CollectionRules(grace_days=31),
        CollectionRules(weekdays=()),
        CollectionRules(weekdays=(7,)),
        CollectionRules(least_cents=-1),
    ],
)
def test_rules_that_cannot_work_are_refused(wrong: CollectionRules) -> None:
    with pytest.raises(Invalid):
        check_rules(wrong)
