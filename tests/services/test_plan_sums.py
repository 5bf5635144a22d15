"""Whatever is done to the payments of a plan, what is left of it stays its sum."""

import itertools
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.domain.errors import Invalid
from portal.services.cancel_plan import CancelPlan, cancel_plan
from portal.services.change_occurrence import ChangeOccurrence, change_occurrence
from portal.services.pause_plan import PausePlan, pause_plan
from portal.services.plan_parts import CAN_CHANGE, left_of_total, remaining_cents
from portal.services.resume_plan import ResumePlan, resume_plan
from portal.services.skip_occurrence import SkipOccurrence, skip_occurrence
from portal.store import open_store
from tests.services.plan_fixture import ADMIN, MORNING, Desk

NUMBERS = itertools.count(1)
DEEDS = st.lists(
    st.one_of(
        st.tuples(st.just("skip"), st.integers(0, 8)),
        st.tuples(st.just("change"), st.integers(0, 8), st.integers(1, 9_000)),
        st.tuples(st.just("move"), st.integers(0, 8), st.integers(0, 40)),
        st.tuples(st.just("pause"), st.integers(0, 70)),
    ),
    max_size=6,
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder: Path = tmp_path_factory.mktemp("sums")
    store = open_store(f"sqlite:///{folder / 'store.sqlite'}", secret_key="test")
    yield Desk(store)
    store.close()


def do(desk: Desk, plan_id: str, deed: tuple) -> None:
    open_ones = [each for each in desk.occurrences(plan_id) if each.state in CAN_CHANGE]
    if deed[0] == "pause":
        pause_plan(PausePlan(actor=ADMIN, plan_id=plan_id), **desk.ports)
        desk.clock.pass_(days=deed[1])
        resume_plan(ResumePlan(actor=ADMIN, plan_id=plan_id), **desk.rules)
        return
    chosen = {"actor": ADMIN, "occurrence_id": open_ones[deed[1] % len(open_ones)].occurrence_id}
    if deed[0] == "skip":
        skip_occurrence(SkipOccurrence(**chosen), **desk.rules)
    elif deed[0] == "change":
        change_occurrence(ChangeOccurrence(**chosen, amount_cents=deed[2]), **desk.rules)
    else:
        day = desk.policy.today(desk.clock()) + timedelta(days=deed[2])
        change_occurrence(ChangeOccurrence(**chosen, due_date=day), **desk.rules)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(count=st.integers(1, 5), deeds=DEEDS)
def test_installments_always_sum_to_what_was_agreed(desk, count, deeds):
    started = desk.installments(
        request_id=f"request-sums-{next(NUMBERS):04d}",
        count=count,
        start_date=desk.policy.today(desk.clock()),
    )
    plan_id = started.plan.plan_id

    for deed in deeds:
        try:
            do(desk, plan_id, deed)
        except Invalid:
            continue

    found = desk.occurrences(plan_id)
    waiting = [each for each in found if each.state in CAN_CHANGE]
    assert sum(each.amount_cents for each in waiting) == 15_000
    assert all(each.amount_cents > 0 for each in found)
    assert all(desk.policy.days.is_open(each.due_date) for each in found)
    assert [each.number for each in found] == list(range(1, len(found) + 1))
    cancel_plan(CancelPlan(actor=ADMIN, plan_id=plan_id), **desk.ports)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(deeds=DEEDS)
def test_a_plan_towards_a_total_always_comes_to_that_total(desk, deeds):
    desk.clock.now = MORNING
    plan = desk.recurring(
        request_id=f"request-total-{next(NUMBERS):04d}",
        amount_cents=4_000,
        total_cents=15_000,
        start_date=desk.policy.today(desk.clock()),
    ).plan

    for deed in deeds:
        try:
            do(desk, plan.plan_id, deed)
        except Invalid:
            continue

    found = desk.occurrences(plan.plan_id)
    assert left_of_total(plan, found) >= 0
    assert remaining_cents(plan, found, desk.policy.days) == 15_000
    assert all(each.amount_cents > 0 for each in found)
    cancel_plan(CancelPlan(actor=ADMIN, plan_id=plan.plan_id), **desk.ports)
