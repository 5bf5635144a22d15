"""The gateway's events come in signed, are kept once, and are never believed."""

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy.exc import IntegrityError
from starlette.applications import Starlette
from starlette.testclient import TestClient

from portal.domain.payment_states import PaymentState
from portal.gateways.sandbox.faults import FaultKind
from portal.money_desk import MoneyDesk as Desk
from portal.services.gateway import PaymentOrder
from portal.services.money_ports import WebhookEvent
from portal.store import Store
from portal.store.payments import PaymentRows
from portal.web import webhooks
from tests.services.money_desk import MoneyDesk, a_desk, invoice
from tests.services.store_fixture import store

__all__ = ["store"]
S = PaymentState


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> MoneyDesk:
    desk = a_desk(store, tmp_path)
    desk.owe(invoice("i1"), invoice("i2", 5_000))
    return desk


@pytest.fixture
def door(desk: MoneyDesk) -> TestClient:
    money = Desk(
        store=desk.store, gateway=desk.gateway, directory=desk.directory, now=desk.clock,
        policy=desk.policy,
    )  # fmt: skip
    portal = SimpleNamespace(money=money)
    return TestClient(Starlette(routes=webhooks.routes(lambda: portal)))


def letters(desk: MoneyDesk):
    return desk.gateway.post.letters(most=1_000)


def send(door: TestClient, letter, **changes):
    said = {"headers": dict(letter.headers), "content": letter.body, **changes}
    return door.post("/api/gateway/events", **said)


def event(desk: MoneyDesk, letter) -> WebhookEvent | None:
    event_id = json.loads(letter.body)["id"]
    return desk.read(lambda view: view.webhooks.find(event_id))


def audited(desk: MoneyDesk, action: str) -> int:
    return desk.read(lambda view: sum(row.action == action for row in view.audit.rows()))


@pytest.mark.catalogue(26)
def test_an_event_told_ten_times_has_one_effect(desk, door):
    desk.gateway.plan_faults(FaultKind.DROPPED_AFTER, call="confirm_payment")
    paid = desk.pay({"i1": 4_000})
    assert paid.state is S.UNKNOWN

    for letter in letters(desk):
        assert [send(door, letter).status_code for _ in range(10)] == [200] * 10

    assert desk.payment(paid.payment_id).state is S.SUCCEEDED
    assert len(desk.letters("receipt")) == 1
    assert audited(desk, "payment.succeeded") == 1


@pytest.mark.catalogue(27)
def test_old_news_of_a_success_changes_nothing_after_the_refund(desk, door):
    paid = desk.pay({"i1": 4_000})
    old = letters(desk)
    desk.refund(paid.payment_id)

    for letter in reversed(old + letters(desk)):
        assert send(door, letter).status_code == 200

    assert desk.payment(paid.payment_id).state is S.REFUNDED
    assert desk.captured_at_gateway() == 0


@pytest.mark.catalogue(28)
@pytest.mark.parametrize("fault", ["forged", "stale", "cut", "unsigned", "huge"])
def test_a_forged_or_stale_event_is_refused_and_audited(desk, door, fault):
    desk.pay({"i1": 4_000})
    letter = letters(desk)[0]
    changes = {
        "forged": {"content": letter.body.replace(b"false", b"true ")},
        "stale": {},
        "cut": {"content": letter.body[:-3]},
        "unsigned": {"headers": {}},
        "huge": {"content": letter.body + b" " * 70_000},
    }[fault]
    if fault == "stale":
        desk.clock.pass_(seconds=301)

    assert send(door, letter, **changes).status_code == 400
    assert event(desk, letter) is None
    assert audited(desk, "webhook.refused") == 1


@pytest.mark.catalogue(30)
def test_an_event_of_live_mode_or_of_another_account_is_refused(desk, door):
    desk.pay({"i1": 4_000})
    post = desk.gateway.post
    told = post.letters()[0]

    for change in ({"livemode": True}, {"account": "acct_x"}):
        body = json.dumps(json.loads(told.body) | change).encode()
        assert send(door, replace(told, headers=post.sign(body), body=body)).status_code == 400


@pytest.mark.catalogue(29)
def test_an_event_of_a_payment_nobody_knows_is_kept_and_somebody_is_told(desk, door):
    method = desk.method()
    order = PaymentOrder(our_id="PI-9999.elsewhere", customer_ref=method.customer_ref,
                         method_ref=method.gateway_ref, amount_cents=777,
                         currency="USD")  # fmt: skip
    made = desk.gateway.start_payment(order, key="other-system")
    desk.gateway.confirm_payment(made.ref, key="other-system.confirm")
    letter = letters(desk)[-1]

    assert send(door, letter).status_code == 200
    assert event(desk, letter).outcome == "no such payment here"
    assert desk.exceptions() == ["unknown_payment"]


def test_an_event_that_cannot_be_acted_upon_now_waits_for_the_job(desk, door):
    desk.gateway.plan_faults(FaultKind.DROPPED_AFTER, call="confirm_payment")
    paid = desk.pay({"i1": 4_000})
    (letter,) = letters(desk)[-1:]
    desk.gateway.plan_faults(FaultKind.CONNECTION_REFUSED, call="read_payment")

    assert send(door, letter).status_code == 200
    assert event(desk, letter).applied_at is None
    desk.settle(minutes=0)

    assert event(desk, letter).applied_at is not None
    assert desk.payment(paid.payment_id).state is S.SUCCEEDED


def test_a_method_removed_at_the_gateway_is_removed_here(desk, door):
    method = desk.method()
    desk.gateway.detach_method(method.gateway_ref)

    for letter in letters(desk):
        assert send(door, letter).status_code == 200

    assert desk.read(lambda view: view.methods.find(method.method_id)).state == "removed"
    assert audited(desk, "method.removed") == 1


def test_a_method_that_is_kept_at_the_gateway_stays_kept_here(desk, door):
    method = desk.method("ach")

    for letter in letters(desk):
        assert send(door, letter).status_code == 200

    assert desk.read(lambda view: view.methods.find(method.method_id)).state == "active"


@pytest.mark.parametrize("call", ["read_payment", "read_method"])
def test_while_the_gateway_refuses_the_firms_key_events_wait_and_say_nothing(desk, door, call):
    method = desk.method()
    paid = desk.pay({"i1": 4_000})
    sent = letters(desk)
    desk.gateway.plan_faults(*[FaultKind.KEY_REFUSED] * len(sent), call=call)

    for letter in sent:
        assert send(door, letter).status_code == 200

    waiting = desk.read(lambda view: view.webhooks.waiting())
    assert waiting
    assert "unknown_payment" not in desk.exceptions()
    assert desk.read(lambda view: view.methods.find(method.method_id)).state == "active"
    while desk.read(lambda view: view.webhooks.waiting()):
        desk.settle(minutes=0)
    assert desk.payment(paid.payment_id).state is S.SUCCEEDED
    assert desk.exceptions() == ["gateway_refuses_key"]


def test_an_event_whose_rows_the_store_refuses_keeps_no_other_from_its_turn(
    desk, door, monkeypatch
):
    desk.gateway.plan_faults(*[FaultKind.DROPPED_AFTER] * 2, call="confirm_payment")
    bad, good = desk.pay({"i1": 4_000}), desk.pay({"i2": 1_000})
    add_event = PaymentRows.add_event

    def refuses_one(self, event):
        if event.payment_id == bad.payment_id:
            raise IntegrityError("insert", {}, Exception("a check of the table"))
        add_event(self, event)

    monkeypatch.setattr(PaymentRows, "add_event", refuses_one)
    for letter in letters(desk):
        assert send(door, letter).status_code == 200
    settled = desk.settle()

    assert desk.payment(good.payment_id).state is S.SUCCEEDED
    assert bad.payment_id in settled.unreadable
    assert "cannot_settle" in desk.exceptions()
    monkeypatch.undo()
    desk.settle()
    assert desk.payment(bad.payment_id).state is S.SUCCEEDED
