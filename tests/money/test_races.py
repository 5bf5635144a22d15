"""Several processes want the same money at the same moment: one gets it, the others hear why."""

import shutil
from collections import Counter
from collections.abc import Iterator

import pytest

from portal.store import open_store
from tests.adapters.store_backends import SECRET, cluster, store_url
from tests.money.fresh_desk import folder
from tests.money.invariants import settled_violations
from tests.money.races import Attempt, many, race
from tests.services.money_desk import MoneyDesk, a_desk, invoice

__all__ = ["cluster", "store_url"]
REPEATS = 3


class Track:
    """A firm whose books several processes open."""

    def __init__(self, url: str) -> None:
        self.where = folder()
        self.url = url
        open_store(url, secret_key=SECRET).close()

    def desk(self) -> MoneyDesk:
        return a_desk(open_store(self.url, secret_key=SECRET), self.where)

    def prepare(self, work) -> object:
        desk = self.desk()
        made = work(desk)
        desk.store.close()
        desk.gateway.close()
        return made

    def race(self, attempts: list[Attempt]) -> Counter[str]:
        return race(self.where, self.desk, attempts)

    def look(self) -> list[str]:
        desk = self.desk()
        for _ in range(2):
            desk.clock.pass_(days=40)
            desk.settle(minutes=120, looks_back=True)
        found = settled_violations(desk) + [f"exception: {kind}" for kind in desk.exceptions()]
        desk.store.close()
        return found


@pytest.fixture
def track(store_url: str) -> Iterator[Track]:
    made = Track(store_url)
    yield made
    shutil.rmtree(made.where, ignore_errors=True)


def owe_and_save(desk: MoneyDesk) -> str:
    desk.owe(invoice("i1"), invoice("i2", 5_000))
    return desk.method("visa").method_id


def pays(method_id: str, cents: int, form: str | None = None) -> Attempt:
    def attempt(desk: MoneyDesk, number: int) -> str:
        request = form or f"form-{number:04d}"
        taken = desk.take(lines={"i1": cents}, method_id=method_id, request_id=request)
        return taken.payment.state.value

    return attempt


def say(suite_line, track: Track, name: str, told: Counter[str], found: list[str]) -> None:
    kind = "SQLite" if track.url.startswith("sqlite") else "PostgreSQL"
    suite_line(f"race: {name} on {kind}: {dict(sorted(told.items()))}, {len(found)} violations")


def test_eight_processes_pay_one_invoice_again_and_again_and_it_is_paid_once(track, suite_line):
    method_id = track.prepare(owe_and_save)

    told = track.race([many(25, pays(method_id, 10_000)) for _ in range(8)])

    found = track.look()
    say(suite_line, track, "8 x 25 payments of one invoice", told, found)
    assert told["succeeded"] == 1
    assert found == []


def test_payments_that_fit_all_go_through_and_never_exceed_the_invoice(track, suite_line):
    method_id = track.prepare(owe_and_save)

    told = track.race([many(4, pays(method_id, 3_000)) for _ in range(6)])

    found = track.look()
    say(suite_line, track, "parts of one invoice", told, found)
    assert track.prepare(lambda desk: desk.payable("i1")) >= 0
    assert found == []


@pytest.mark.catalogue(19)
def test_a_double_click_in_two_processes_is_one_payment(track, suite_line):
    method_id = track.prepare(owe_and_save)

    told = track.race([pays(method_id, 4_000, "the-only-form")] * 4)

    found = track.look()
    say(suite_line, track, "double click", told, found)
    assert set(told) <= {"succeeded", "pending", "unknown"}
    assert track.prepare(lambda desk: desk.charges()) == 1
    assert found == []


@pytest.mark.catalogue(20)
def test_two_tabs_pay_once_and_the_second_hears_why(track, suite_line):
    method_id = track.prepare(owe_and_save)

    told = track.race([pays(method_id, 10_000), pays(method_id, 10_000)])

    found = track.look()
    say(suite_line, track, "two tabs", told, found)
    assert told["succeeded"] == 1
    assert told["InProgress"] + told["Overpaid"] == 1
    assert found == []


@pytest.mark.catalogue(14)
def test_two_refunds_of_the_whole_payment_race_and_one_wins(track, suite_line):
    def prepare(desk: MoneyDesk) -> str:
        owe_and_save(desk)
        return desk.pay({"i1": 10_000}).payment_id

    payment_id = track.prepare(prepare)

    def refunds(desk: MoneyDesk, number: int) -> str:
        return desk.refund(payment_id, request_id=f"refund-{number:04d}").state.value

    told = track.race([refunds] * 4)

    found = track.look()
    say(suite_line, track, "four refunds of one payment", told, found)
    assert told["succeeded"] == 1
    assert track.prepare(lambda desk: desk.captured_at_gateway()) == 0
    assert found == []


def test_a_refresh_between_payments_lets_nothing_be_paid_twice(track, suite_line):
    method_id = track.prepare(owe_and_save)

    def refreshes(desk: MoneyDesk, number: int) -> str:
        for _ in range(5):
            desk.owe(invoice("i1"), invoice("i2", 5_000))
        return "refreshed"

    told = track.race([pays(method_id, 10_000), refreshes, pays(method_id, 10_000), refreshes])

    found = track.look()
    say(suite_line, track, "refresh against payments", told, found)
    assert told["succeeded"] == 1
    assert found == []
