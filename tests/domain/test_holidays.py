"""Business days: the bank holidays of known years, and arithmetic that lands on open days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.holidays import BusinessDays, federal_holidays

DAYS = st.dates(date(2000, 1, 1), date(2120, 12, 31))


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2026, 1, 1), "New Year"),
        (date(2026, 1, 19), "third Monday of January"),
        (date(2026, 2, 16), "third Monday of February"),
        (date(2026, 5, 25), "last Monday of May"),
        (date(2026, 6, 19), "Juneteenth"),
        (date(2026, 9, 7), "first Monday of September"),
        (date(2026, 10, 12), "second Monday of October"),
        (date(2026, 11, 11), "Veterans"),
        (date(2026, 11, 26), "fourth Thursday of November"),
        (date(2026, 12, 25), "Christmas"),
        (date(2023, 1, 2), "New Year on a Sunday is kept on Monday"),
        (date(2027, 7, 5), "Independence Day on a Sunday is kept on Monday"),
    ],
)
def test_banks_are_closed_on_federal_holidays(day, why):
    assert not BusinessDays().is_open(day), why


def test_a_holiday_on_a_saturday_leaves_the_friday_before_open():
    assert date(2026, 7, 4).weekday() == 5
    assert BusinessDays().is_open(date(2026, 7, 3))


def test_juneteenth_was_an_ordinary_day_before_it_became_a_holiday():
    assert date(2020, 6, 19) not in federal_holidays(2020)


@given(year=st.integers(1990, 2150))
def test_a_year_has_eleven_holidays_and_none_of_them_on_a_sunday(year):
    found = federal_holidays(year)

    assert len(found) == (11 if year >= 2021 else 10)
    assert all(day.weekday() != 6 for day in found)


def test_the_firms_own_closed_days_count_too():
    christmas_eve = date(2026, 12, 24)
    firm = BusinessDays.without([christmas_eve])

    assert BusinessDays().is_open(christmas_eve)
    assert firm.on_or_after(christmas_eve) == date(2026, 12, 28)
    assert firm.on_or_before(christmas_eve) == date(2026, 12, 23)


@given(day=DAYS)
def test_the_next_business_day_is_open_and_none_before_it_is(day):
    days = BusinessDays()

    found = days.on_or_after(day)

    assert days.is_open(found)
    between = (found - day).days
    assert not any(days.is_open(day + timedelta(days=step)) for step in range(between))


@given(day=DAYS, count=st.integers(1, 30))
def test_counting_business_days_passes_exactly_that_many_open_days(day, count):
    days = BusinessDays()

    found = days.after(day, count)

    passed = [day + timedelta(days=step) for step in range(1, (found - day).days + 1)]
    assert sum(days.is_open(each) for each in passed) == count
    assert days.is_open(found)


def test_two_business_days_after_a_thursday_before_a_long_weekend_is_tuesday():
    assert BusinessDays().after(date(2026, 9, 3), 2) == date(2026, 9, 8)
