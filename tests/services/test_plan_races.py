"""Several runners at once, each a process of its own: every payment of a plan is charged once."""

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from portal.domain.errors import PortalError
from portal.gateways.sandbox.gateway import SandboxGateway
from portal.services.cancel_plan import CancelPlan, cancel_plan
from portal.services.change_occurrence import ChangeOccurrence, change_occurrence
from portal.services.edit_plan import EditPlan, edit_plan
from portal.services.pause_plan import PausePlan, pause_plan
from portal.services.plan_ports import Plan
from portal.services.skip_occurrence import SkipOccurrence, skip_occurrence
from portal.store import open_store
from tests.access_fixture import HandClock
from tests.adapters.store_backends import SECRET, cluster, store_url
from tests.services.plan_fixture import ADMIN, MORNING, Clients, Desk

__all__ = ["cluster", "store_url"]
RUNNERS = 4
HALF_CENTS = 2_500
A_MOMENT = 0.5
"""Seconds: long enough for a runner that does not wait to charge."""


def a_desk(url: str, folder: Path, *, is_new: bool) -> Desk:
    clock = HandClock(MORNING)
    gateway = SandboxGateway(folder / "gateway.sqlite", clock=clock, secret="s")
    return Desk(open_store(url, secret_key=SECRET), clock=clock, gateway=gateway, is_new=is_new)


def close(desk: Desk) -> None:
    desk.store.close()
    desk.gateway.close()


def at_once(url: str, folder: Path, *deeds: Callable[[Desk], object]) -> None:
    """Do things in processes of their own, all let go at the same moment."""
    gate, let_go = os.pipe()
    children = []
    for deed in deeds:
        child = os.fork()
        if child == 0:
            code = 1
            try:
                os.close(let_go)
                desk = a_desk(url, folder, is_new=False)
                os.read(gate, 1)
                deed(desk)
                code = 0
            except PortalError:
                code = 0
            finally:
                os._exit(code)
        children.append(child)
    os.close(gate)
    os.close(let_go)
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    assert codes == [0] * len(children)


@pytest.mark.catalogue(31)
def test_runners_that_run_at_once_charge_each_payment_once(store_url, tmp_path, suite_line):
    desk = a_desk(store_url, tmp_path, is_new=True)
    for number in range(6):
        desk.recurring(
            request_id=f"request-{number}-of-race", method_id=desk.method("visa"),
            name=f"Plan {number}", occurrence_limit=2,
        )  # fmt: skip
    close(desk)

    at_once(store_url, tmp_path, *[lambda desk: desk.run()] * RUNNERS)

    desk = a_desk(store_url, tmp_path, is_new=False)
    charged = [payment.occurrence_id for payment in desk.payments()]
    assert len(charged) == len(set(charged)) == 6
    assert {payment.state.value for payment in desk.payments()} == {"succeeded"}
    close(desk)
    suite_line(f"race: {RUNNERS} runners, 0 violations; {len(charged)} plan payments, none twice")


@pytest.mark.catalogue(34)
def test_nothing_is_charged_after_a_cancellation_is_saved(store_url, tmp_path):
    desk = a_desk(store_url, tmp_path, is_new=True)
    plans = [
        desk.recurring(
            request_id=f"request-{number}-of-race", method_id=desk.method("visa"),
            name=f"Plan {number}",
        ).plan
        for number in range(6)
    ]  # fmt: skip
    close(desk)

    def cancel_all(desk: Desk) -> None:
        for plan in plans:
            cancel_plan(CancelPlan(actor=ADMIN, plan_id=plan.plan_id), **desk.ports)

    at_once(store_url, tmp_path, cancel_all, lambda desk: desk.run(), lambda desk: desk.run())

    desk = a_desk(store_url, tmp_path, is_new=False)
    with desk.store.reading() as view:
        log = [(row.action, row.subject) for row in view.audit.rows(limit=1000)][::-1]
        plan_of = {payment.payment_id: payment.plan_id for payment in desk.payments()}
    for plan in plans:
        cancelled = log.index(("plan.cancelled", plan.plan_id))
        begun = [
            index
            for index, (action, subject) in enumerate(log)
            if action == "payment.created" and plan_of.get(subject) == plan.plan_id
        ]
        assert all(index < cancelled for index in begun)
    close(desk)


def skip(plan: Plan, **rules: object) -> None:
    skip_occurrence(SkipOccurrence(actor=ADMIN, occurrence_id=f"{plan.plan_id}-1"), **rules)


def halve(plan: Plan, **rules: object) -> None:
    command = ChangeOccurrence(
        actor=ADMIN, occurrence_id=f"{plan.plan_id}-1", amount_cents=HALF_CENTS
    )
    change_occurrence(command, **rules)


def edit(plan: Plan, **rules: object) -> None:
    command = EditPlan(
        actor=ADMIN, plan_id=plan.plan_id, seen_at=plan.updated_at, name=plan.name,
        method_id=plan.method_id, amount_cents=HALF_CENTS,
    )  # fmt: skip
    edit_plan(command, **rules)


def pause(plan: Plan, *, policy: object, **ports: object) -> None:
    pause_plan(PausePlan(actor=ADMIN, plan_id=plan.plan_id), **ports)


def cancel(plan: Plan, *, policy: object, **ports: object) -> None:
    cancel_plan(CancelPlan(actor=ADMIN, plan_id=plan.plan_id), **ports)


@dataclass
class WhileDeciding(Clients):
    """The clients; whoever asks for one leaves a runner time to charge what is due."""

    runner: threading.Thread = field(default_factory=threading.Thread)

    def client(self, client_id: str):
        if threading.current_thread() is not self.runner and not self.runner.ident:
            self.runner.start()
            self.runner.join(A_MOMENT)
        return super().client(client_id)


@pytest.mark.catalogue(34)
def test_a_runner_waits_for_who_is_just_deciding_about_a_payment(store_url, tmp_path):
    desk = a_desk(store_url, tmp_path, is_new=True)
    method_id = desk.method("visa")
    for number, decide in enumerate((skip, halve, edit, pause, cancel)):
        plan = desk.recurring(request_id=f"request-{number}-of-race", method_id=method_id).plan
        runner = threading.Thread(target=desk.run)

        decide(plan, **{**desk.rules, "directory": WhileDeciding(runner=runner)})
        runner.join()
        desk.run()

        paid = [each.amount_cents for each in desk.payments() if each.plan_id == plan.plan_id]
        assert paid == ([HALF_CENTS] if decide in (halve, edit) else []), decide.__name__
    close(desk)
