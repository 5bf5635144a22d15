"""Schedules: every plan charges on its day, once, and to the cent."""

from datetime import date, timedelta
from itertools import islice, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.errors import Invalid
from portal.domain.holidays import BusinessDays
from portal.domain.schedules import (
    Frequency,
    RecurringTerms,
    capped,
    first_autopay,
    installments,
    months_later,
    next_autopay,
    recurring,
    reminder_date,
    split_evenly,
)

DAYS = BusinessDays()
STARTS = st.dates(date(2020, 1, 1), date(2060, 12, 31))
FREQUENCIES = st.sampled_from(list(Frequency))


def monthly(start: date, **limits: object) -> RecurringTerms:
    return RecurringTerms(
        amount_cents=10_000, frequency=Frequency.MONTHLY, start_date=start, **limits
    )


@pytest.mark.catalogue(33)
def test_a_plan_of_the_31st_charges_on_the_last_day_of_short_months():
    dues = list(recurring(monthly(date(2027, 12, 31), occurrence_limit=5), DAYS))

    assert [due.nominal_date for due in dues] == [
        date(2027, 12, 31),
        date(2028, 1, 31),
        date(2028, 2, 29),
        date(2028, 3, 31),
        date(2028, 4, 30),
    ]


@pytest.mark.catalogue(33)
def test_a_yearly_plan_of_a_leap_day_charges_at_the_end_of_february():
    terms = RecurringTerms(
        amount_cents=1, frequency=Frequency.YEARLY, start_date=date(2028, 2, 29),
        occurrence_limit=5,
    )  # fmt: skip

    days = [due.nominal_date for due in recurring(terms, DAYS)]

    assert days == [
        date(2028, 2, 29), date(2029, 2, 28), date(2030, 2, 28), date(2031, 2, 28),
        date(2032, 2, 29),
    ]  # fmt: skip


def test_a_weekend_or_holiday_is_charged_on_the_next_business_day():
    dues = list(recurring(monthly(date(2026, 7, 4), occurrence_limit=2), DAYS))

    assert [due.due_date for due in dues] == [date(2026, 7, 6), date(2026, 8, 4)]


def test_the_end_date_is_not_charged_itself():
    terms = monthly(date(2026, 1, 15), end_date=date(2026, 4, 15))

    assert [due.nominal_date for due in recurring(terms, DAYS)][-1] == date(2026, 3, 15)


def test_a_total_ends_a_plan_and_the_last_payment_is_the_rest():
    dues = list(recurring(monthly(date(2026, 1, 2), total_cents=25_000), DAYS))

    assert [due.amount_cents for due in dues] == [10_000, 10_000, 5_000]


def test_a_plan_without_an_end_goes_on():
    dues = list(islice(recurring(monthly(date(2026, 1, 2)), DAYS), 200))

    assert len(dues) == 200


def test_a_plan_goes_on_where_it_was_left():
    terms = monthly(date(2026, 1, 31), total_cents=65_000)
    everything = list(recurring(terms, DAYS))

    assert list(recurring(terms, DAYS, after=3)) == everything[3:]


@given(start=STARTS, frequency=FREQUENCIES, count=st.integers(1, 120))
def test_payments_come_in_order_never_early_and_never_on_a_closed_day(start, frequency, count):
    terms = RecurringTerms(
        amount_cents=500, frequency=frequency, start_date=start, occurrence_limit=count
    )

    dues = list(recurring(terms, DAYS))

    assert [due.number for due in dues] == list(range(1, count + 1))
    assert all(due.due_date >= due.nominal_date for due in dues)
    assert all((due.due_date - due.nominal_date).days <= 4 for due in dues)
    assert all(DAYS.is_open(due.due_date) for due in dues)
    assert all(a.due_date < b.due_date for a, b in pairwise(dues))


@given(
    start=STARTS,
    frequency=FREQUENCIES,
    amount=st.integers(1, 500_000),
    payments=st.integers(1, 100),
    rest=st.integers(0, 499_999),
)
def test_payments_towards_a_total_sum_to_it_exactly(start, frequency, amount, payments, rest):
    total = amount * payments + rest % amount
    terms = RecurringTerms(
        amount_cents=amount, frequency=frequency, start_date=start, total_cents=total
    )

    amounts = [due.amount_cents for due in recurring(terms, DAYS)]

    assert sum(amounts) == total
    assert all(0 < each <= amount for each in amounts)


@pytest.mark.catalogue(9)
def test_a_hundred_dollars_in_three_installments_gives_the_odd_cent_to_the_last():
    assert split_evenly(100_00, 3) == [33_33, 33_33, 33_34]


@given(total=st.integers(1, 10**12), count=st.integers(1, 600))
def test_installments_sum_to_the_amount_and_only_the_last_differs(total, count):
    if total < count:
        with pytest.raises(Invalid):
            split_evenly(total, count)
        return

    parts = split_evenly(total, count)

    assert sum(parts) == total
    assert len(set(parts[:-1])) <= 1
    assert parts[-1] - parts[0] < count


def test_installments_carry_their_dates():
    found = installments(100_00, 3, date(2026, 1, 31), Frequency.MONTHLY, DAYS)

    assert [(due.due_date, due.amount_cents) for due in found] == [
        (date(2026, 2, 2), 33_33),
        (date(2026, 3, 2), 33_33),
        (date(2026, 3, 31), 33_34),
    ]


@pytest.mark.parametrize(
    "limits",
    [
        {"end_date": date(2026, 1, 1)},
        {"occurrence_limit": 0},
        {"occurrence_limit": 601},
        {"total_cents": 9_999},
        {"occurrence_limit": 3, "total_cents": 30_000},
    ],
)
def test_terms_that_say_nothing_or_two_things_are_refused(limits):
    with pytest.raises(Invalid):
        monthly(date(2026, 1, 1), **limits).check()


def test_autopay_starts_on_the_first_day_whose_reminder_can_still_go_out():
    in_time = first_autopay(date(2026, 3, 6), 15, 9, DAYS)
    too_late = first_autopay(date(2026, 3, 8), 15, 9, DAYS)

    assert in_time == date(2026, 3, 16)
    assert too_late == date(2026, 4, 15)


@given(today=STARTS, day=st.integers(1, 31), buffer=st.sampled_from([5, 7, 9]))
def test_autopay_runs_once_in_each_month_and_its_reminder_is_never_in_the_past(today, day, buffer):
    runs = [first_autopay(today, day, buffer, DAYS)]
    for _ in range(14):
        runs.append(next_autopay(runs[-1], runs[-1], day, buffer, DAYS))

    assert reminder_date(runs[0], buffer) >= today
    assert all(DAYS.is_open(run) for run in runs)
    assert all(20 <= (b - a).days <= 40 for a, b in pairwise(runs))


@given(
    today=STARTS,
    day=st.integers(1, 31),
    other=st.integers(1, 31),
    buffer=st.sampled_from([5, 7, 9]),
)
def test_a_changed_day_of_autopay_never_charges_twice_in_a_month(today, day, other, buffer):
    charged = first_autopay(today, day, buffer, DAYS)

    following = next_autopay(charged, charged, other, buffer, DAYS, previous_day=day)

    assert 20 <= (following - charged).days <= 66
    assert months_of(charged, day).isdisjoint(months_of(following, other))


def months_of(due: date, day_of_month: int) -> set[date]:
    """The months, this one or the one before, whose charge falls on a day."""
    this = due.replace(day=1)
    return {
        month
        for month in (this, months_later(this, -1))
        if DAYS.on_or_after(months_later(month, 0, day_of_month)) == due
    }


def test_autopay_moved_from_the_1st_to_the_25th_waits_for_the_next_month():
    assert next_autopay(date(2026, 4, 1), date(2026, 4, 2), 25, 5, DAYS) == date(2026, 5, 26)
    for_february = date(2026, 3, 2)
    following = next_autopay(for_february, date(2026, 3, 3), 25, 5, DAYS, previous_day=31)
    assert following == date(2026, 3, 25)


@given(
    owed=st.lists(st.integers(1, 10**7), max_size=12),
    cap=st.one_of(st.none(), st.integers(0, 10**7)),
)
def test_a_monthly_cap_pays_in_order_and_never_more_than_it_or_than_is_owed(owed, cap):
    invoices = [(f"i{number}", cents) for number, cents in enumerate(owed)]

    paid = capped(invoices, cap)

    total = sum(cents for _, cents in paid)
    assert total == (sum(owed) if cap is None else min(cap, sum(owed)))
    assert [invoice for invoice, _ in paid] == [invoice for invoice, _ in invoices[: len(paid)]]
    assert all(cents <= owed[index] for index, (_, cents) in enumerate(paid))
    assert all(cents == owed[index] for index, (_, cents) in enumerate(paid[:-1]))


@given(start=STARTS, months=st.integers(0, 400))
def test_months_later_is_that_many_months_later_on_the_same_or_the_last_day(start, months):
    found = months_later(start, months)

    assert (found.year - start.year) * 12 + found.month - start.month == months
    assert found.day == start.day or (found + timedelta(days=1)).day == 1
