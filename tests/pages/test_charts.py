"""Pictures: axes in money people read, nothing that fails on empty or hostile data."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.ui import charts
from portal.ui.chart_style import axis_money, nice_ticks
from portal.ui.charts import Series

MONTHS = [date(2026, month, 1) for month in range(1, 7)]


@pytest.mark.parametrize(
    ("cents", "said"),
    [
        (0, "$0"),
        (95_000_00, "$95K"),
        (1_200_000_00, "$1.2M"),
        (1_000_000_000_00, "$1B"),
        (999_999_99, "$1M"),
        (-250_00, "-$250"),
    ],
)
def test_an_axis_never_says_a_thousand_millions(cents, said):
    assert axis_money(cents, "USD") == said


@given(low=st.integers(-(10**13), 0), high=st.integers(0, 10**13))
def test_ticks_are_few_rising_and_span_the_values(low, high):
    ticks = nice_ticks(low, high)

    assert ticks == sorted(set(ticks))
    assert 2 <= len(ticks) <= 8
    assert ticks[0] <= low
    assert ticks[-1] >= high


def test_a_bridge_with_small_steps_starts_its_axis_below_them():
    assert charts.cut_below([100, 120, 90]) == 0 or charts.cut_below([100, 120, 90]) < 90
    assert charts.cut_below([1000, 1010, 990]) == 970
    assert charts.cut_below([1000, 100]) == 0
    assert charts.cut_below([500, -20]) == 0


def test_pictures_of_nothing_can_be_drawn():
    assert charts.aging_bars([], [], [], currency="USD").data
    assert charts.monthly_bars(MONTHS, [], currency="USD").layout.height
    assert charts.monthly_lines([], [Series("DSO", [])]).data
    assert charts.aging_by_group([], [("not_due", "Not due", [])], currency="USD").data
    assert charts.ranked_bars([], [], unit="days").data


def test_a_gap_in_a_line_stays_a_gap():
    drawn = charts.monthly_lines(MONTHS, [Series("DSO", [1, None, 3, 4, 5, 6])])

    assert list(drawn.data[0].y) == [1, None, 3, 4, 5, 6]


def test_names_are_never_markup_and_namesakes_stay_apart():
    drawn = charts.aging_by_group(
        ["<b>Bold</b>", "Same", "Same"], [("not_due", "Not due", [1, 2, 3])], currency="USD"
    )

    names = list(drawn.data[0].y)
    assert not any("<" in name for name in names)
    assert len(set(names)) == 3


def test_lines_differ_by_their_dashes_and_not_by_colour_alone():
    drawn = charts.monthly_lines(
        MONTHS, [Series("DSO", [1] * 6), Series("Count-back", [2] * 6), Series("Best", [3] * 6)]
    )

    assert len({line.line.dash for line in drawn.data}) == 3


def test_a_sparkline_needs_two_values_and_something_to_show():
    assert charts.sparkline([1, None, 2]) == [1.0, 2.0]
    assert charts.sparkline([5]) is None
    assert charts.sparkline([0, 0]) is None
