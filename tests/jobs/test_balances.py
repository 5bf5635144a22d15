"""The store learns what is open after each refresh: all at first, then only what changed."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from portal.jobs.balances import BalanceKeeper
from portal.store import Store
from tests.adapters.money_rows import a_balance, a_payment, an_item
from tests.adapters.store_backends import cluster, store, store_url
from tests.jobs.job_portal import Clock

__all__ = ["cluster", "store", "store_url"]


class Books:
    """A warehouse that says what a test puts into it."""

    def __init__(self) -> None:
        self.open = [a_balance("i1"), a_balance("i2", open_cents=500)]
        self.posted: dict[str, int] = {}

    def rows(self, name: str) -> list[dict[str, object]]:
        if name == "access/open_balances":
            return [vars(balance) for balance in self.open]
        return [{"payment_id": key, "posted_cents": cents} for key, cents in self.posted.items()]


@pytest.fixture
def books() -> Books:
    return Books()


@pytest.fixture
def keeper(books: Books, store: Store) -> BalanceKeeper:
    return BalanceKeeper(books, store, Clock())


def refreshed(keeper: BalanceKeeper, version: int) -> None:
    keeper.refreshed(SimpleNamespace(version=version))


def kept(store: Store) -> dict[str, int]:
    with store.reading() as view:
        found = view.balances.of_invoices(["i1", "i2", "i3"])
    return {balance.invoice_id: balance.open_cents for balance in found}


def test_everything_open_is_handed_over_first_and_then_what_changed(keeper, books, store):
    refreshed(keeper, 1)
    assert kept(store) == {"i1": 10_000, "i2": 500}

    books.open = [replace(books.open[0], open_cents=9_000), a_balance("i3", open_cents=70)]
    refreshed(keeper, 2)

    assert kept(store) == {"i1": 9_000, "i3": 70}
    with store.reading() as view:
        assert view.balances.version() == 2


def test_a_posted_payment_stops_reserving_what_it_paid(keeper, books, store):
    refreshed(keeper, 1)
    with store.unit_of_work() as uow:
        uow.payments.add(a_payment(), [an_item()])
        uow.commit()
    with store.reading() as view:
        assert view.balances.payable(["i1"]) == {"i1": 0}

    books.posted = {"PI-0001-0001": 10_000}
    refreshed(keeper, 2)

    with store.reading() as view:
        assert view.balances.payable(["i1"]) == {"i1": 10_000}


def test_a_fault_while_handing_over_does_not_stop_the_refresh_and_is_made_good(
    keeper, books, store
):
    broken, books.open = books.open, None
    refreshed(keeper, 1)
    books.open = broken

    refreshed(keeper, 1)

    assert kept(store) == {"i1": 10_000, "i2": 500}
