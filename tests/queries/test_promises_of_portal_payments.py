"""A payment through the portal keeps a promise at once, and its return takes that back."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from portal.collections_desk import CollectionsDesk
from portal.domain.payment_states import PaymentState
from portal.domain.promises import PromiseState
from portal.services.record_promise import RecordPromise
from portal.services.statement_letter import Sender
from portal.warehouse.client_directory import WarehouseClients
from portal.warehouse.receivable_book import ReceivableBook
from tests.access_fixture import NOON
from tests.collections_fixture import CAROL, NEW_YORK
from tests.queries.test_pending import Desk


class Promising(Desk):
    """A small firm whose client has promised 100.00 of invoice 100."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.collections = CollectionsDesk(
            store=self.store,
            receivables=ReceivableBook(self.warehouse),
            directory=WarehouseClients(self.warehouse),
            sender=Sender(firm_name="Oak & Co"),
            timezone=NEW_YORK,
            now=lambda: NOON,
        )
        self.promise = self.collections.record_promise(
            RecordPromise(
                actor=CAROL,
                client_id="10",
                amount_cents=10_000,
                promised_on=NOON.date() + timedelta(days=3),
                currency="USD",
                invoice_id="100",
                invoice_number="INV-100",
            )
        )

    @property
    def state(self) -> PromiseState:
        with self.store.reading() as view:
            return view.promises.of_client("10")[0].state


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Promising]:
    made = Promising(tmp_path)
    yield made
    made.warehouse.close()
    made.store.close()


@pytest.mark.parametrize("state", [PaymentState.SUCCEEDED, PaymentState.PROCESSING])
def test_a_portal_payment_keeps_a_promise_before_it_is_posted(desk, state) -> None:
    desk.pay(10_000, state)

    desk.collections.payments_came()

    assert desk.state is PromiseState.KEPT


@pytest.mark.parametrize("state", [PaymentState.UNKNOWN, PaymentState.DECLINED])
def test_a_payment_that_may_not_have_happened_keeps_none(desk, state) -> None:
    desk.pay(10_000, state)

    desk.collections.payments_came()

    assert desk.state is PromiseState.OPEN


def test_its_receipt_changes_nothing_and_pays_for_no_second_promise(desk) -> None:
    desk.pay(10_000)
    desk.collections.judge_promises()
    desk.post("PI-0001-0001", 10_000)

    desk.collections.judge_promises()

    assert desk.state is PromiseState.KEPT
    (client,) = desk.collections.receivables.payments(["10"], NOON.date()).values()
    assert sum(one.cents for one in client) == 10_000


@pytest.mark.parametrize("is_posted", [False, True])
def test_a_return_opens_the_promise_again(desk, is_posted) -> None:
    payment, _ = desk.pay(10_000)
    if is_posted:
        desk.post("PI-0001-0001", 10_000)
    desk.collections.payments_came()
    assert desk.state is PromiseState.KEPT

    desk.change(payment, state=PaymentState.RETURNED)
    desk.collections.payments_came()

    assert desk.state is PromiseState.OPEN


def test_a_payment_of_another_invoice_or_another_client_keeps_none(desk) -> None:
    desk.pay(10_000, invoice="101")
    desk.pay(10_000, invoice=None, number=2)

    desk.collections.payments_came()

    assert desk.state is PromiseState.OPEN


def test_what_a_payment_brings_never_breaks_a_promise(desk) -> None:
    late = CollectionsDesk(**{**vars(desk.collections), "now": lambda: NOON + timedelta(days=30)})

    late.payments_came()
    assert desk.state is PromiseState.OPEN
    late.judge_promises()

    assert desk.state is PromiseState.BROKEN


def test_it_is_judged_as_soon_as_the_payment_is_committed(desk) -> None:
    desk.mirroring.when_renewed("payments", desk.collections.payments_came)

    desk.pay(10_000)

    assert desk.state is PromiseState.KEPT
