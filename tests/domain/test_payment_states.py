"""A payment's states: what may follow what, and which weigh on a balance."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.errors import Invalid
from portal.domain.payment_ids import PaymentId, parse_payment_id
from portal.domain.payment_states import (
    CAPTURED,
    FINAL,
    LIVE,
    RESERVING,
    TRANSITIONS,
    ImpossibleTransition,
    PaymentState,
    check_transition,
)

STATES = st.sampled_from(PaymentState)


@given(STATES, STATES)
def test_every_step_outside_the_table_is_refused(before, after):
    if after in TRANSITIONS[before]:
        check_transition(before, after)
    else:
        with pytest.raises(ImpossibleTransition):
            check_transition(before, after)


def test_what_is_final_is_never_left():
    assert {str(state) for state in FINAL} == {"declined", "voided", "refunded", "returned"}


def test_a_live_attempt_reserves_and_holds_no_money_yet():
    assert LIVE < RESERVING
    assert not LIVE & CAPTURED


@given(STATES)
def test_every_state_is_reached_from_the_beginning(wanted):
    reached = {PaymentState.CREATED}
    for _ in PaymentState:
        reached |= {after for before in reached for after in TRANSITIONS[before]}

    assert wanted in reached


@given(st.integers(1, 10**9), st.integers(1, 10**9))
def test_a_payment_id_is_read_as_it_is_written(action, item):
    written = PaymentId(action, item)

    assert parse_payment_id(f" {str(written).lower()} ") == written


def test_a_payment_id_looks_as_the_firm_knows_it():
    assert str(PaymentId(111, 11)) == "PI-0111-0011"


@pytest.mark.parametrize(
    "text", ["", "PI-1-1", "PI-0111", "0111-0011", "PI-0111-0011x", "PI-٠١١١-0011"]
)
def test_anything_else_is_no_payment_id(text):
    with pytest.raises(Invalid):
        parse_payment_id(text)
