"""The process dies at any failpoint of any flow of money, and no cent is lost or doubled."""

import itertools
import re
import uuid
from collections.abc import Iterator
from dataclasses import replace

import pytest

from portal import failpoints
from portal.services import (
    charge_method,
    payment_outcome,
    read_outcome,
    request_refund,
    take_payment,
)
from portal.services.gateway import PaymentOrder
from portal.settings import PROJECT
from tests.adapters.store_backends import BACKENDS, cluster
from tests.money.crashes import Crashes, Flow, Tally, crashed_twice
from tests.money.flows import FLOWS
from tests.money.fresh_desk import Desks
from tests.money.postgresql_desks import PostgresqlDesks
from tests.services.money_desk import a_desk

__all__ = ["cluster"]

MINE = (
    "take_payment.", "outcome.", "hosted.", "settle.", "webhook.", "refund.", "void.",
    "apply_unapplied.", "associate.", "save_method.", "remove_method.", "balances.",
    "payment_files.",
)  # fmt: skip
"""Failpoints of these flows."""
ELSEWHERE = {
    "plan.": "tests/services/test_plan_crash.py",
    "autopay.": "tests/services/test_plan_crash.py",
    "statements.": "tests/services/test_statement_crash.py",
    "mail.": "tests/mail/test_delivery_crash.py",
}
"""The others, and the harness that reaches them."""
ON_POSTGRESQL = ("card", "refund", "payer comes back")
"""What is killed on PostgreSQL too, every time; the rest in `make test-long`."""


def mine() -> set[str]:
    return {name for name in failpoints.NAMES if name.startswith(MINE)}


@pytest.fixture(params=BACKENDS)
def desks(request: pytest.FixtureRequest) -> Iterator[Desks]:
    """What makes desks over each kind of database."""
    if request.param == "sqlite":
        yield Desks()
        return
    made = PostgresqlDesks(request.getfixturevalue("cluster"))
    yield made
    made.close()


@pytest.mark.catalogue(22)
@pytest.mark.catalogue(41)
def test_a_kill_at_any_failpoint_loses_and_doubles_nothing(desks, suite_line):
    is_whole = not isinstance(desks, PostgresqlDesks)
    tally = Tally()
    for flow in FLOWS if is_whole else map(flow_named, ON_POSTGRESQL):
        Crashes(flow, desks, tally).at_each_point()
    unreached = mine() - tally.reached if is_whole else set()
    said = f"unreached: {', '.join(sorted(unreached)) or 'none'}" if is_whole else "on PostgreSQL"
    suite_line(f"crash: {tally.words()}; {said}")

    assert tally.violations == []
    assert unreached == set(), "every failpoint is reached by a flow"
    assert len(tally.reached) >= (30 if is_whole else 15)
    assert tally.kills >= (130 if is_whole else 25)


@pytest.mark.long
@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
def test_a_second_kill_of_whoever_comes_next_loses_and_doubles_nothing(flow, desks, suite_line):
    crashed_twice(flow, desks, suite_line)


def test_every_failpoint_of_the_program_is_known_and_belongs_to_a_harness():
    called = {
        name
        for file in (PROJECT / "portal").rglob("*.py")
        for name in re.findall(r'failpoint\("([^"]+)"\)', file.read_text(encoding="utf-8"))
    }

    assert called == failpoints.NAMES
    others = {name for name in called if name.startswith(tuple(ELSEWHERE))}
    assert called - mine() == others
    for harness in ELSEWHERE.values():
        assert "failpoints" in (PROJECT / harness).read_text(encoding="utf-8")


def flow_named(name: str) -> Flow:
    return next(flow for flow in FLOWS if flow.name == name)


def found(name: str, desks: Desks | None = None) -> list[str]:
    """What the harness finds first in one flow, killed at each of its points."""
    tally = Tally()
    Crashes(flow_named(name), desks or Desks(), tally).at_each_point(stops_when_wrong=True)
    return tally.violations


class FreshKeys:
    """A gateway to which every call comes with another key, as if ours were made per call."""

    def __init__(self, gateway) -> None:
        self._gateway = gateway
        self._numbers = itertools.count()

    def __getattr__(self, name):
        real = getattr(self._gateway, name)
        if name not in ("start_payment", "confirm_payment", "refund"):
            return real

        def call(*given, key, **more):
            return real(*given, key=f"{key}-{uuid.uuid4().hex}", **more)

        return call


def with_fresh_keys(store, where):
    desk = a_desk(store, where)
    desk.gateway = FreshKeys(desk.gateway)
    return desk


def test_the_harness_catches_a_new_key_for_every_try(capfd):
    desks = Desks(with_fresh_keys)
    assert found("refund", desks) or found("card", desks)


def test_the_harness_catches_a_charge_before_the_attempt_is_durable(monkeypatch, capfd):
    real = take_payment._reserve

    def charges_first(command, till, guard):
        with till.store.reading() as view:
            method = view.methods.find(command.method_id)
        order = PaymentOrder(
            our_id=f"PI-0112.{command.request_id}", customer_ref=method.customer_ref,
            method_ref=method.gateway_ref, amount_cents=4_635, currency="USD", fee_cents=135,
        )  # fmt: skip
        started = till.gateway.start_payment(order, key="early")
        till.gateway.confirm_payment(started.ref, key="early.confirm")
        return real(command, till, guard)

    monkeypatch.setattr(take_payment, "_reserve", charges_first)
    assert found("card")


def test_the_harness_catches_a_receipt_outside_the_transaction(monkeypatch, capfd):
    real = payment_outcome.send_receipt

    def later(uow, till, payment, items, at):
        uow.commit()
        failpoints.failpoint("outcome.items_written")
        real(uow, till, payment, items, at)  # in a transaction of its own

    monkeypatch.setattr(payment_outcome, "send_receipt", later)
    assert any("I7" in one for one in found("card"))


def test_the_harness_catches_no_answer_taken_for_a_refusal(monkeypatch, capfd):
    monkeypatch.setattr(
        charge_method, "_unsure",
        lambda till, payment, *, reason: charge_method.decline(till, payment, reason),
    )  # fmt: skip
    assert found("card whose answer is lost")


def test_the_harness_catches_a_line_that_loses_its_money(monkeypatch, capfd):
    real = payment_outcome._capture

    def loses(uow, till, payment, said, now):
        after = real(uow, till, payment, said, now)
        first = uow.payments.items(payment.payment_id)[0]
        uow.payments.save_item(replace(first, cents=1))
        return after

    monkeypatch.setattr(payment_outcome, "_capture", loses)
    assert found("card")


def test_the_harness_catches_an_attempt_ended_while_the_gateway_still_waits(monkeypatch, capfd):
    monkeypatch.setattr(read_outcome, "_payment", lambda till, payment: None)
    assert found("lost answer is settled")


def test_the_harness_catches_a_refund_that_is_not_kept_before_it_is_asked(monkeypatch, capfd):
    real = request_refund._keep

    def asks_first(uow, till, command, reason, print_):
        payment = uow.payments.find(command.payment_id)
        refund = real(uow, till, command, reason, print_)
        till.gateway.refund(payment.gateway_ref, 1_545, f"early.{refund.refund_id}", key="early")
        return refund

    monkeypatch.setattr(request_refund, "_keep", asks_first)
    assert found("refund")
