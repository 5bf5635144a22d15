"""Killed at any moment, a run of plans charges each payment once and tells of it once.

A process runs the job and is killed at a failpoint; time passes, and the job runs again, as a
scheduler would have it, or a person sends the form of a new plan again.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from portal.failpoints import NAMES
from portal.gateways.sandbox.rows import PaymentRow
from portal.services.plan_ports import OccurrenceState
from portal.services.settle_occurrences import settle_occurrences
from portal.store import Store
from tests.access_fixture import HandClock
from tests.adapters.store_backends import BACKENDS, cluster
from tests.money.crashes import Crashes, Flow, Tally, crashed_twice
from tests.money.fresh_desk import Desks
from tests.money.postgresql_desks import PostgresqlDesks
from tests.services.money_desk import a_gateway
from tests.services.plan_fixture import MORNING, Desk

__all__ = ["cluster"]

CLIENTS = ("c1", "c2")
MINE = ("plan.", "autopay.")
"""The failpoints that these flows must reach."""
REMINDED, DUE = MORNING.replace(day=15), MORNING.replace(day=20)
"""When a payment of AutoPay is announced, and when it is charged."""


def a_desk(store: Store, where: Path) -> Desk:
    clock = HandClock(MORNING)
    return Desk(store, clock=clock, gateway=a_gateway(where, clock), is_new=False)


def _recurring(desk: Desk, method_id: str) -> object:
    return desk.recurring(method_id=method_id, occurrence_limit=1)


def _installments(desk: Desk, method_id: str) -> object:
    return desk.installments(method_id=method_id, count=2)


def _another_client(desk: Desk, _: str) -> object:
    return desk.recurring(
        client_id="c2", method_id=desk.method("no_funds", "c2"), occurrence_limit=1,
        request_id="request-of-another",
    )  # fmt: skip


def _autopay(desk: Desk, method_id: str) -> object:
    return desk.autopay(method_id=method_id, day_of_month=20)


def _prepare(named: str, *starts: Callable[[Desk, str], object]) -> Callable[[Desk], str]:
    def prepare(desk: Desk) -> str:
        desk.fill()
        method_id = desk.method(named)
        for start in starts:
            start(desk, method_id)
        return method_id

    return prepare


def _run(desk: Desk, _: object) -> None:
    desk.remind()
    desk.run()


def _run_an_hour_later(desk: Desk, _: object) -> None:
    desk.clock.pass_(hours=1)
    _run(desk, _)


def _jobs(desk: Desk, _: object) -> None:
    """What the scheduler runs: what became of payments, then what is due."""
    desk.settle(hours=1, minutes=20)
    settle_occurrences(**desk.rules)
    _run(desk, _)


def _recover(desk: Desk) -> None:
    for _ in range(3):
        _jobs(desk, None)


def _starting(desk: Desk, method_id: str) -> None:
    _recurring(desk, method_id)
    _run(desk, None)


def _starting_an_hour_later(desk: Desk, method_id: str) -> None:
    desk.clock.pass_(hours=1)
    _starting(desk, method_id)


def _reminding(desk: Desk, _: object) -> None:
    desk.clock.now = REMINDED
    desk.remind()
    desk.clock.now = DUE
    desk.run()


def _on_the_day(step: Callable[[Desk, object], None]) -> Callable[[Desk, object], None]:
    def later(desk: Desk, start: object) -> None:
        desk.clock.now = DUE
        step(desk, start)

    return later


def _recover_on_the_day(desk: Desk) -> None:
    desk.clock.now = DUE
    _recover(desk)


def violations(desk: Desk) -> list[str]:
    """What must never be, whatever was killed when."""
    found = []
    with desk.store.reading() as view:
        payments = [one for client in CLIENTS for one in view.payments.of_client(client)]
        occurrences = view.occurrences.in_states(OccurrenceState)
        forms = [one.request_id for client in CLIENTS for one in view.plans.of_client(client)]
        mails = [one for client in CLIENTS for one in view.outbox.of_client(client, most=500)]
        if view.audit.verify().broken_at is not None:
            found.append("the audit log does not verify")
    with desk.gateway._file.reading() as book:
        rows = book._rows(PaymentRow, "")
    ours = {payment.our_id for payment in payments}
    found += [f"a charge nobody knows: {row.our_id}" for row in rows if row.our_id not in ours]
    good = ("succeeded", "processing")
    for occurrence in occurrences:
        mine = [p for p in payments if p.occurrence_id == occurrence.occurrence_id]
        if sum(payment.state in good for payment in mine) > 1:
            found.append(f"{occurrence.occurrence_id} was charged twice")
        if occurrence.state is OccurrenceState.PAID and not any(p.state in good for p in mine):
            found.append(f"{occurrence.occurrence_id} is paid without a payment")
        if occurrence.state is OccurrenceState.RUNNING:
            found.append(f"{occurrence.occurrence_id} is left half done")
    if not forms or len(forms) != len(set(forms)):
        found.append(f"plans of these forms: {forms}")
    taken = sum(row.captured_cents for row in rows)
    kept = sum(payment.captured_cents for payment in payments)
    if taken != kept:
        found.append(f"the gateway took {taken} cents, the portal knows of {kept}")
    keys = [each.letter.dedupe_key for each in mails]
    if len(keys) != len(set(keys)):
        found.append("a mail was queued twice")
    return found


def _flow(name: str, prepare: Callable[[Desk], str]) -> Flow:
    return Flow(
        name, prepare, _run, jobs=_jobs, recover=_recover, look=violations,
        again=_run_an_hour_later,
    )  # fmt: skip


FLOWS = (
    _flow("recurring by card", _prepare("visa", _recurring)),
    _flow("recurring by bank debit", _prepare("ach", _recurring)),
    _flow("recurring, declined", _prepare("no_funds", _recurring)),
    _flow("two clients together", _prepare("visa", _recurring, _another_client)),
    _flow("installment", _prepare("visa", _installments)),
    Flow(
        "autopay", _prepare("visa", _autopay), _reminding, jobs=_on_the_day(_jobs),
        recover=_recover_on_the_day, look=violations, again=_on_the_day(_run_an_hour_later),
    ),
    Flow(
        "a new plan", _prepare("visa"), _starting, jobs=_jobs, recover=_recover, look=violations,
        again=_starting_an_hour_later, needs_another_try=True,
    ),
)  # fmt: skip


@pytest.fixture(params=BACKENDS)
def desks(request: pytest.FixtureRequest) -> Iterator[Desks]:
    """What makes desks over each kind of database."""
    if request.param == "sqlite":
        yield Desks(a_desk)
        return
    made = PostgresqlDesks(request.getfixturevalue("cluster"), a_desk)
    yield made
    made.close()


@pytest.mark.catalogue(22)
def test_a_run_killed_at_any_failpoint_charges_once_and_nothing_is_left_half_done(suite_line):
    tally = Tally()
    for flow in FLOWS:
        Crashes(flow, Desks(a_desk), tally).at_each_point()
    unreached = {name for name in NAMES if name.startswith(MINE)} - tally.reached
    suite_line(
        f"crash: {tally.words()}; plans, unreached: {', '.join(sorted(unreached)) or 'none'}"
    )

    assert tally.violations == []
    assert unreached == set()
    assert tally.kills >= 60


@pytest.mark.long
@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
def test_a_second_kill_of_a_run_of_plans_charges_once_as_well(flow, desks, suite_line):
    crashed_twice(flow, desks, suite_line)
