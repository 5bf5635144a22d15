"""Failed tries: how often, after how long, and when never again."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.holidays import BusinessDays
from portal.domain.retries import (
    DECLINES,
    MOST_CARD_TRIES,
    MOST_DEBIT_TRIES,
    RETURNS,
    AfterFailure,
    after_decline,
    after_return,
)

DAYS = BusinessDays()
TODAY = date(2026, 3, 2)


def tries_of(after, code: str) -> int:
    """How often a code is tried in all when it comes back every time."""
    tries = 1
    while after(code, tries=tries, today=TODAY, days=DAYS).then is AfterFailure.RETRY:
        tries += 1
    return tries


@pytest.mark.catalogue(35)
def test_an_expired_card_is_tried_four_times_at_the_most():
    assert tries_of(after_decline, "expired_card") == MOST_CARD_TRIES == 4


@pytest.mark.catalogue(36)
def test_a_debit_returned_for_lack_of_money_is_not_presented_a_fourth_time():
    assert tries_of(after_return, "R01") == MOST_DEBIT_TRIES == 3
    third = after_return("R01", tries=3, today=TODAY, days=DAYS)
    assert third.then is AfterFailure.GIVE_UP
    assert third.next_date is None


@pytest.mark.parametrize("code", ["R05", "R07", "R10", "R29", "R51"])
@pytest.mark.catalogue(37)
def test_a_debit_nobody_authorized_ends_the_mandate_and_is_never_tried_again(code):
    found = after_return(code, tries=1, today=TODAY, days=DAYS)

    assert found.then is AfterFailure.REVOKE_MANDATE
    assert found.pauses_plan
    assert found.next_date is None


def test_the_table_of_returns_covers_the_codes_a_firm_meets():
    assert len(RETURNS) >= 20
    assert all(reason.words for reason in RETURNS.values())
    retried = {code for code, reason in RETURNS.items() if reason.then is AfterFailure.RETRY}
    assert retried == {"R01", "R09"}


def test_a_code_nobody_knows_goes_to_a_person_for_a_debit_and_is_tried_again_for_a_card():
    debit = after_return("R99", tries=1, today=TODAY, days=DAYS)

    assert debit.then is AfterFailure.HUMAN
    assert after_return(None, tries=1, today=TODAY, days=DAYS).then is AfterFailure.HUMAN
    assert after_decline("new", tries=1, today=TODAY, days=DAYS).then is AfterFailure.RETRY
    assert after_decline(None, tries=4, today=TODAY, days=DAYS).then is AfterFailure.GIVE_UP


@given(
    code=st.sampled_from([*DECLINES, None, "anything"]),
    tries=st.integers(1, 50),
    today=st.dates(date(2020, 1, 1), date(2090, 1, 1)),
)
def test_a_card_is_tried_again_only_on_a_later_business_day(code, tries, today):
    found = after_decline(code, tries=tries, today=today, days=DAYS)

    assert (found.next_date is not None) == (found.then is AfterFailure.RETRY)
    if found.next_date:
        assert tries < MOST_CARD_TRIES
        assert today + timedelta(days=3) <= found.next_date <= today + timedelta(days=12)
        assert DAYS.is_open(found.next_date)


@given(code=st.sampled_from([*RETURNS, None]), tries=st.integers(1, 50))
def test_a_debit_is_never_presented_more_than_three_times(code, tries):
    found = after_return(code, tries=tries, today=TODAY, days=DAYS)

    assert found.next_date is None or tries < MOST_DEBIT_TRIES
