"""One payment action over a client group: one payment and one receipt a client, nothing twice."""

from dataclasses import replace
from pathlib import Path

import pytest

from portal import failpoints
from portal.domain.applications import Line
from portal.domain.errors import Denied, Invalid, NotFound
from portal.domain.payers import EntryKind, Payer
from portal.domain.payment_states import PaymentState
from portal.services.mail_ports import LetterKind
from portal.services.pay_for_group import ClientPart, PaidFor, PayForGroup, pay_for_group
from portal.services.take_payment import take_payment
from portal.store import Store
from tests.services.money_desk import (
    ADMIN,
    CLIENTS,
    LOOKER,
    PARTNER,
    Directory,
    MoneyDesk,
    a_desk,
    invoice,
)
from tests.services.store_fixture import store

__all__ = ["store"]

GROUP = "Alder family"


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> MoneyDesk:
    """Three clients, two of them one family; each owes 100.00 on an invoice."""
    alder, birch = CLIENTS
    cards = (
        replace(alder, client_group=GROUP),
        replace(birch, client_group=GROUP, partner_id="p1"),
        replace(birch, client_id="c3", client_number="300", client_name="Cedar", client_group=""),
    )
    made = a_desk(store, tmp_path, directory=Directory(cards))
    made.owe(
        invoice("1"), invoice("2", client_id="c2"), invoice("3", client_id="c3", partner_id="p2")
    )
    return made


def parts(**cents: int) -> tuple[ClientPart, ...]:
    invoices = {"c1": "1", "c2": "2", "c3": "3"}
    return tuple(
        ClientPart(client_id=one, lines=(Line(invoice_id=invoices[one], cents=amount),))
        for one, amount in cents.items()
    )


def pay(desk: MoneyDesk, request: PayForGroup) -> list[PaidFor]:
    return pay_for_group(
        request, take=lambda one: take_payment(one, **desk.tools), directory=desk.directory
    )


def ask(desk: MoneyDesk, named: str = "visa", **changes: object) -> PayForGroup:
    asked = {
        "actor": ADMIN,
        "request_id": desk.request(),
        "client_group": GROUP,
        "parts": parts(c1=10_000, c2=4_000),
        "method_client_id": "c1",
        "payer_email": "books@alder.example",
    }
    if "method_id" not in changes:
        asked["method_id"] = desk.method(named).method_id
    return PayForGroup(**{**asked, **changes})


def payments(desk: MoneyDesk) -> list[tuple[str, int, str]]:
    with desk.store.reading() as view:
        found = [one for c in ("c1", "c2", "c3") for one in view.payments.of_client(c)]
    return [(one.client_id, one.amount_cents, one.state.value) for one in found]


def test_each_client_gets_a_payment_a_receipt_and_its_invoices_paid(desk) -> None:
    came = pay(desk, ask(desk))

    assert [one.is_under_way for one in came] == [True, True]
    assert payments(desk) == [("c1", 10_000, "succeeded"), ("c2", 4_000, "succeeded")]
    with desk.store.reading() as view:
        assert view.balances.payable(["1", "2"]) == {"1": 0, "2": 6_000}
        for client_id in ("c1", "c2"):
            (letter,) = view.outbox.of_client(client_id)
            assert letter.letter.kind is LetterKind.RECEIPT
    assert len({one.payment.payment_id for one in came if one.payment}) == 2


def test_the_same_form_again_finds_its_payments_and_charges_nothing_twice(desk) -> None:
    request = ask(desk)
    first = pay(desk, request)

    again = pay(desk, request)

    assert [one.payment for one in again] == [one.payment for one in first]
    assert len(payments(desk)) == 2


def test_broken_off_between_two_clients_it_goes_on_where_it_was(desk) -> None:
    class Killed(BaseException):
        """Nothing in the program may catch this."""

    durable = iter(range(10))

    def die(name: str) -> None:
        if name == "outcome.durable" and next(durable) == 0:
            raise Killed

    request = ask(desk)
    failpoints.set_trap(die)
    try:
        with pytest.raises(Killed):
            pay(desk, request)
    finally:
        failpoints.set_trap(None)

    came = pay(desk, request)

    assert [one.is_under_way for one in came] == [True, True]
    assert payments(desk) == [("c1", 10_000, "succeeded"), ("c2", 4_000, "succeeded")]


@pytest.mark.parametrize("named", ["no_funds", "lost_after", "bank_asks"])
def test_a_method_that_does_not_pay_is_not_asked_again(desk, named) -> None:
    came = pay(desk, ask(desk, named))

    assert came[0].payment is not None and not came[0].is_under_way
    assert came[1].payment is None and came[1].refusal.startswith("Not tried")
    assert [one[0] for one in payments(desk)] == ["c1"]


def test_what_one_client_can_not_be_paid_stops_only_that_one(desk) -> None:
    came = pay(desk, ask(desk, parts=parts(c1=10_001, c2=10_000)))

    assert "can still be paid with" in came[0].refusal
    assert came[1].is_under_way
    assert payments(desk) == [("c2", 10_000, "succeeded")]


@pytest.mark.catalogue(12)
@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"actor": LOOKER}, Denied),
        ({"parts": ()}, Invalid),
        ({"parts": parts(c1=100) + parts(c1=100)}, Invalid),
        ({"parts": parts(c1=100, c3=100)}, Invalid),
        ({"client_group": "Another family"}, Invalid),
        ({"client_group": ""}, Invalid),
        ({"parts": (ClientPart(client_id="nobody", lines=()),)}, NotFound),
        ({"request_id": "x"}, Invalid),
    ],
)
def test_nothing_is_charged_for_whom_it_may_not_be(desk, changes, problem) -> None:
    with pytest.raises(problem):
        pay(desk, ask(desk, **changes))

    assert payments(desk) == []


def test_somebody_who_sees_only_their_clients_pays_only_for_those(desk) -> None:
    desk.directory = Directory(
        tuple(replace(one, partner_id="p2") if one.client_id == "c2" else one
              for one in desk.directory.cards)
    )  # fmt: skip

    with pytest.raises(NotFound):
        pay(desk, ask(desk, actor=PARTNER))
    assert payments(desk) == []

    assert pay(desk, ask(desk, actor=PARTNER, parts=parts(c1=500)))[0].is_under_way


def test_a_method_pays_for_nobody_outside_its_group_and_for_no_payer(desk) -> None:
    stranger = desk.method("visa", "c3").method_id
    came = pay(desk, ask(desk, method_id=stranger, method_client_id="c3"))
    assert all("of its own group" in one.refusal or "Not tried" in one.refusal for one in came)

    own = desk.method().method_id
    payer = Payer(
        session_id="s", entry=EntryKind.ACCOUNT, client_ids=("c1", "c2"), portal_user_id="u",
        email="u@alder.example",
    )  # fmt: skip
    with pytest.raises(NotFound):
        desk.take(payer, lines={"2": 100}, client_id="c2", method_id=own, method_client_id="c1")
    assert payments(desk) == []


def test_a_bank_account_pays_each_clients_part_and_its_return_opens_only_that(desk) -> None:
    came = pay(desk, ask(desk, "ach"))

    assert {one.payment.state for one in came if one.payment} == {PaymentState.PROCESSING}
    with desk.store.reading() as view:
        assert view.balances.payable(["1", "2"]) == {"1": 0, "2": 6_000}
