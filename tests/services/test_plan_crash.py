"""Killed at any moment, a run of plans charges each payment once and tells of it once.

A child process runs the job and kills itself at a failpoint; the parent then lets time pass,
reads what waits for news and runs the job again, as a scheduler would.
"""

import os
import shutil
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from portal.failpoints import NAMES, kill_at, set_trap
from portal.gateways.sandbox.gateway import SandboxGateway
from portal.gateways.sandbox.rows import PaymentRow
from portal.services.plan_ports import OccurrenceState
from portal.services.settle_occurrences import settle_occurrences
from portal.store import Store
from portal.store.engine import open_engine
from tests.access_fixture import HandClock
from tests.adapters.store_backends import SECRET, copy_of_tables
from tests.money.fresh_desk import folder as in_memory
from tests.services.plan_fixture import MORNING, Desk


@dataclass(frozen=True)
class Flow:
    """Something that may be killed: how it is prepared, and what is run."""

    name: str
    named: str

    def prepare(self, desk: Desk) -> None:
        method_id = desk.method(self.named)
        if self.name == "autopay":
            desk.autopay(method_id=method_id, day_of_month=20)
            desk.clock.now = desk.clock.now.replace(day=15)
        elif self.name == "installment":
            desk.installments(method_id=method_id, count=2)
        elif self.name == "recurring":
            desk.recurring(method_id=method_id, occurrence_limit=1)

    def start(self, desk: Desk) -> None:
        """Send the form of a new plan, the same each time."""
        with desk.store.reading() as view:
            saved = next(one for one in view.methods.of_client("c1") if one.holder_name)
        desk.recurring(method_id=saved.method_id, occurrence_limit=1)

    def run(self, desk: Desk) -> None:
        if self.name == "started":
            self.start(desk)
        desk.remind()
        if self.name == "autopay":
            desk.clock.now = desk.clock.now.replace(day=20)
        desk.run()


FLOWS = (
    Flow("recurring", "visa"),
    Flow("recurring", "ach"),
    Flow("recurring", "no_funds"),
    Flow("installment", "visa"),
    Flow("autopay", "visa"),
    Flow("started", "visa"),
)
MINE = ("plan.", "autopay.")
"""The failpoints that these flows must reach."""


def a_desk(folder: Path, clock: HandClock) -> Desk:
    path = folder / "store.sqlite"
    if not path.exists():
        copy_of_tables(path)
    store = Store(open_engine(f"sqlite:///{path}"), SECRET.encode())
    gateway = SandboxGateway(
        folder / "gateway.sqlite", clock=clock, secret="s", pause=lambda seconds: None
    )
    return Desk(store, clock=clock, gateway=gateway, is_new=False)


def in_a_child(folder: Path, clock: HandClock, flow: Flow, reach: tuple[str, int]) -> bool:
    """Run the flow in a process that dies at a failpoint. Returns: whether it died there."""
    child = os.fork()
    if child == 0:
        try:
            desk = a_desk(folder, clock)
            set_trap(kill_at(reach[0], time=reach[1]))
            flow.run(desk)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def reached_by(flow: Flow, folder: Path, clock: HandClock) -> Iterator[tuple[str, int]]:
    """Every failpoint the flow comes by, and for the how-manieth time."""
    seen: list[str] = []
    desk = a_desk(folder, clock)
    set_trap(seen.append)
    flow.run(desk)
    set_trap(None)
    desk.store.close()
    desk.gateway.close()
    for index, name in enumerate(seen):
        yield name, seen[: index + 1].count(name)


def recover(desk: Desk, flow: Flow) -> None:
    if flow.name == "started":
        flow.start(desk)
    for _ in range(3):
        desk.settle(minutes=20)
        settle_occurrences(**desk.rules)
        desk.remind()
        desk.run()


def violations(desk: Desk) -> list[str]:
    """What must never be, whatever was killed when."""
    found = []
    with desk.store.reading() as view:
        payments = view.payments.of_client("c1")
        occurrences = view.occurrences.in_states(OccurrenceState)
        plans = view.plans.of_client("c1")
        keys = [each.letter.dedupe_key for each in view.outbox.of_client("c1", most=500)]
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
    if len(plans) != 1:
        found.append(f"{len(plans)} plans of one form")
    taken = sum(row.captured_cents for row in rows)
    kept = sum(payment.captured_cents for payment in payments)
    if taken != kept:
        found.append(f"the gateway took {taken} cents, the portal knows of {kept}")
    if len(keys) != len(set(keys)):
        found.append("a mail was queued twice")
    return found


@pytest.mark.catalogue(22)
def test_a_run_killed_at_any_failpoint_charges_once_and_nothing_is_left_half_done(
    suite_line,
):
    runs = bad = 0
    reached: set[str] = set()
    tmp_path = in_memory()
    for number, flow in enumerate(FLOWS):
        template = tmp_path / f"template{number}"
        template.mkdir()
        clock = HandClock(MORNING)
        prepared = a_desk(template, clock)
        prepared.fill()
        flow.prepare(prepared)
        prepared.store.close()
        prepared.gateway.close()
        began = clock.now
        trial = shutil.copytree(template, tmp_path / f"trial{number}")
        for name, time in list(reached_by(flow, trial, HandClock(began))):
            folder = shutil.copytree(template, tmp_path / f"run{runs}")
            assert in_a_child(folder, HandClock(began), flow, (name, time)), (flow, name, time)
            desk = a_desk(folder, HandClock(began + timedelta(hours=1)))
            if flow.name == "autopay":
                desk.clock.now = began.replace(day=20)
            recover(desk, flow)
            reached.add(name)
            wrong = violations(desk)
            assert wrong == [], (flow, name, time)
            bad += len(wrong)
            runs += 1
            desk.store.close()
            desk.gateway.close()
            shutil.rmtree(folder)
    shutil.rmtree(tmp_path)
    unreached = {name for name in NAMES if name.startswith(MINE)} - reached
    suite_line(
        f"crash of plans: {runs} runs and kills at {len(reached)} failpoints, {bad} violations; "
        f"unreached: {', '.join(sorted(unreached)) or 'none'}"
    )
    assert unreached == set()
    assert runs >= 60
