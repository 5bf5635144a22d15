"""The metrics of a row of months: which months count, and what is left undefined."""

from datetime import date
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from portal.domain.month_figures import MonthEntries, last_day, month_figures, months_before


def a_month(number: int, **figures: object) -> MonthEntries:
    """A month of 2026 by its number."""
    return MonthEntries(month=date(2026, number, 1), **figures)


def three_months(**last: object) -> list[MonthEntries]:
    """April to June with 1,000.00 billed each; June carries the figures given."""
    ends = {"outstanding_cents": 150_000, "not_overdue_cents": 60_000, **last}
    return [
        a_month(4, billed_cents=100_000),
        a_month(5, billed_cents=100_000),
        a_month(6, billed_cents=100_000, **ends),
    ]


def test_dso_looks_at_the_three_months_up_to_the_end_in_real_days():
    june = month_figures(three_months())[-1]

    days = 30 + 31 + 30
    assert june.dso == Fraction(150_000, 300_000) * days
    assert june.best_possible_dso == Fraction(60_000, 300_000) * days
    assert june.days_delinquent == june.dso - june.best_possible_dso


def test_counting_back_takes_whole_months_in_real_days():
    june = month_figures(three_months())[-1]

    assert june.count_back_dso == 30 + Fraction(31, 2)


def test_the_running_month_counts_to_today_and_without_what_is_dated_ahead():
    june = month_figures(three_months(end_date=date(2026, 6, 10), ahead_cents=20_000))[-1]

    assert june.dso == Fraction(150_000, 280_000) * (30 + 31 + 10)
    assert june.count_back_dso == 10 + Fraction(70_000, 100_000) * 31


def test_only_months_whose_end_is_known_are_shown():
    shown = month_figures(three_months())

    assert [figures.entries.month for figures in shown] == [date(2026, 6, 1)]


def test_effectiveness_needs_the_balance_of_the_month_before():
    alone = month_figures([a_month(6, outstanding_cents=150_000, not_overdue_cents=60_000)])[-1]
    may = a_month(5, outstanding_cents=120_000, not_overdue_cents=0)
    june = a_month(6, billed_cents=100_000, outstanding_cents=150_000, not_overdue_cents=60_000)
    with_it = month_figures([may, june])[-1]

    assert alone.collection_effectiveness is None
    collected, collectable = 120_000 + 100_000 - 150_000, 120_000 + 100_000 - 60_000
    assert with_it.collection_effectiveness == Fraction(collected, collectable)


def test_a_quiet_month_has_no_averages():
    figures = month_figures([a_month(1, outstanding_cents=0, not_overdue_cents=0)])[0]

    assert figures.days_to_pay is None
    assert figures.weighted_days_to_pay is None
    assert figures.on_time_rate is None
    assert figures.return_rate is None
    assert figures.dso is None


@given(count=st.integers(0, 600))
def test_going_back_by_months_lands_on_a_first_that_many_months_before(count):
    start = date(2026, 6, 1)

    found = months_before(start, count)

    assert found.day == 1
    assert (start.year - found.year) * 12 + start.month - found.month == count


def test_a_month_ends_on_its_last_day_in_a_leap_year_too():
    assert last_day(date(2028, 2, 1)) == date(2028, 2, 29)
    assert last_day(date(2026, 12, 1)) == date(2026, 12, 31)
