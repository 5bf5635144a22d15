"""Receivables metrics: worked examples with known answers, and what holds for any figures."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.metrics import (
    METRICS,
    Bridge,
    average_days_to_pay,
    collection_effectiveness,
    count_back_days,
    days_delinquent,
    days_sales_outstanding,
    share,
    weighted_days_to_pay,
)
from portal.settings import PROJECT

cents = st.integers(min_value=0, max_value=10**13)
months = st.lists(st.tuples(cents, st.integers(min_value=28, max_value=31)), max_size=24)


def test_fifteen_thousand_on_ten_thousand_a_month_is_45_days():
    assert days_sales_outstanding(1_500_000, 1_000_000, 30) == 45


def test_the_best_possible_is_12_days_and_33_are_delinquent():
    dso = days_sales_outstanding(1_500_000, 1_000_000, 30)
    best = days_sales_outstanding(400_000, 1_000_000, 30)

    assert best == 12
    assert days_delinquent(dso, best) == 33


def test_counting_back_405_over_205_158_and_167_is_68_days():
    found = count_back_days(405, [(205, 30), (158, 30), (167, 30)])

    assert found == 60 + Fraction(42, 167) * 30
    assert round(found) == 68


def test_collection_effectiveness_of_the_worked_example_is_55_point_9_percent():
    found = collection_effectiveness(
        opening_cents=6200, sales_cents=10890, closing_cents=6340, not_overdue_cents=3590, months=3
    )

    assert found == Fraction(3490, 6240)
    assert round(float(found) * 100, 1) == 55.9


def test_ten_at_5_days_and_a_hundred_at_10_days_are_7_point_5_and_9_point_55():
    assert average_days_to_pay(5 + 10, 2) == Fraction("7.5")
    weighted = weighted_days_to_pay(10 * 5 + 100 * 10, 110)
    assert round(float(weighted), 2) == 9.55


def test_nothing_billed_has_no_dso_and_nothing_collectable_no_effectiveness():
    assert days_sales_outstanding(100, 0, 90) is None
    assert days_delinquent(None, Fraction(1)) is None
    assert share(0, 0) is None
    assert (
        collection_effectiveness(
            opening_cents=0, sales_cents=300, closing_cents=100, not_overdue_cents=100, months=3
        )
        is None
    )


def test_a_receivable_older_than_the_months_known_has_no_count_back():
    assert count_back_days(500, [(200, 30), (200, 31)]) is None
    assert count_back_days(400, [(200, 30), (200, 31)]) == 61


@given(receivable=cents, known=months)
def test_count_back_lies_between_0_and_the_days_of_the_months_known(receivable, known):
    found = count_back_days(receivable, known)

    if found is None:
        assert sum(sales for sales, _ in known) < receivable
    else:
        assert 0 <= found <= sum(days for _, days in known)


@given(receivable=cents, more=cents, known=months)
def test_more_receivable_never_counts_back_to_fewer_days(receivable, more, known):
    less, greater = count_back_days(receivable, known), count_back_days(receivable + more, known)

    assert greater is None or (less is not None and less <= greater)


@given(monthly=st.integers(min_value=1, max_value=10**12), count=st.integers(1, 12))
def test_even_billing_counts_back_to_the_same_days_as_simple_dso(monthly, count):
    receivable = monthly * count

    counted = count_back_days(receivable, [(monthly, 30)] * 12)

    assert counted == days_sales_outstanding(receivable, monthly * 3, 90)


@given(outstanding=cents, overdue=cents, sales=st.integers(1, 10**13), days=st.integers(1, 92))
def test_delinquent_days_are_the_dso_of_what_is_overdue(outstanding, overdue, sales, days):
    dso = days_sales_outstanding(outstanding + overdue, sales, days)
    best = days_sales_outstanding(outstanding, sales, days)

    assert days_delinquent(dso, best) == days_sales_outstanding(overdue, sales, days)


@given(opening=cents, sales=cents, current=cents)
def test_collecting_everything_collectable_is_fully_effective(opening, sales, current):
    found = collection_effectiveness(
        opening_cents=opening,
        sales_cents=sales,
        closing_cents=current,
        not_overdue_cents=current,
        months=3,
    )

    assert found in (None, 1)


@given(amounts=st.lists(st.tuples(st.integers(1, 10**9), st.integers(0, 2000)), min_size=1))
def test_the_weighted_average_lies_between_the_fastest_and_the_slowest(amounts):
    found = weighted_days_to_pay(sum(a * d for a, d in amounts), sum(a for a, _ in amounts))

    assert min(d for _, d in amounts) <= found <= max(d for _, d in amounts)


@given(steps=st.lists(st.integers(-(10**12), 10**12), min_size=7, max_size=7))
def test_a_bridge_closes_at_opening_plus_its_steps(steps):
    opening, billed, collected, credited, written_off, refunded, other = steps
    bridge = Bridge(
        opening_cents=opening,
        billed_cents=billed,
        collected_cents=collected,
        credited_cents=credited,
        written_off_cents=written_off,
        refunded_cents=refunded,
        other_cents=other,
    )

    moved = bridge.closing_cents - opening
    assert moved + collected + credited + written_off == billed + refunded + other


@pytest.mark.parametrize("metric", METRICS.values(), ids=list(METRICS))
def test_every_metric_is_defined_in_the_documentation_as_on_the_page(metric):
    written = (PROJECT / "docs" / "metrics.md").read_text(encoding="utf-8")

    assert f"## {metric.label}\n" in written
    assert metric.meaning in written
    assert metric.formula in written
