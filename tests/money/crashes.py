"""Kill a process at a failpoint, let somebody try again, settle, and look at the books."""

import contextlib
import os
import shutil
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from portal import failpoints
from portal.domain.errors import PortalError
from tests.money.flows import Flow
from tests.money.fresh_desk import folder, fresh_desk
from tests.money.invariants import settled_violations
from tests.money.postgresql_desks import PostgresqlDesks
from tests.services.money_desk import MoneyDesk

KILLED, WENT_THROUGH, FAULT = "killed", "went through", "fault"
WRONG = frozenset(
    {"refund_elsewhere", "charged_after_end", "unknown_payment", "gateway_differs", "key_reused",
     "refund_contradicts", "refund_differs"}
)  # fmt: skip
"""What a crash must never leave to a person."""
MakeDesk = Callable[[Path], MoneyDesk]


@dataclass
class Tally:
    """What came of the runs."""

    runs: int = 0
    kills: int = 0
    reached: set[str] = field(default_factory=set)
    violations: list[str] = field(default_factory=list)


def points_of(flow: Flow, make: MakeDesk = fresh_desk) -> list[str]:
    """The failpoints the flow comes by, in order, when nothing goes wrong."""
    where, seen = folder(), []
    try:
        desk = make(where)
        start = flow.prepare(desk)
        failpoints.set_trap(seen.append)
        with contextlib.suppress(PortalError):
            flow.run(desk, start)
    finally:
        failpoints.set_trap(None)
        _close(desk)
        _forget(where, make)
    return seen


def crash(flow: Flow, kills: list[int], tally: Tally, make: MakeDesk = fresh_desk) -> None:
    """Run a flow in processes that are killed at these failpoints, one after the other; recover."""
    where = folder()
    try:
        desk = make(where)
        start = flow.prepare(desk)
        _close(desk)
        tally.runs += 1
        for at in [*kills, None]:
            outcome = _in_a_process(lambda at=at: _run(flow, start, where, at, make))
            tally.kills += outcome == KILLED
            if outcome == FAULT:
                tally.violations.append(f"{flow.name} {kills}: the flow broke")
        _look(flow, where, kills, tally, make)
    finally:
        _forget(where, make)


def _run(flow: Flow, start: object, where: Path, at: int | None, make: MakeDesk) -> None:
    desk = make(where)
    if at is not None:
        left = [at]

        def trap(name: str) -> None:
            left[0] -= 1
            if left[0] == 0:
                failpoints.kill_at(name)(name)

        failpoints.set_trap(trap)
    with contextlib.suppress(PortalError):
        flow.run(desk, start)


def _look(flow: Flow, where: Path, kills: list[int], tally: Tally, make: MakeDesk) -> None:
    desk = make(where)
    try:
        with desk.gateway._file.writing() as book:
            book._connection.execute("delete from faults")
        for _ in range(3):
            desk.clock.pass_(days=45)
            desk.settle(minutes=120, looks_back=True)
        found = settled_violations(desk) + flow.look(desk)
        found += [f"needs a person: {kind}" for kind in desk.exceptions() if kind in WRONG]
        tally.violations += [f"{flow.name} {kills}: {one}" for one in found]
    finally:
        _close(desk)


def _in_a_process(work: Callable[[], None]) -> str:
    pid = os.fork()
    if pid == 0:
        code = 0
        try:
            work()
        except BaseException:
            traceback.print_exc()
            code = 1
        finally:
            os._exit(code)
    _, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status):
        return KILLED
    return WENT_THROUGH if os.WEXITSTATUS(status) == 0 else FAULT


def _forget(where: Path, make: MakeDesk) -> None:
    shutil.rmtree(where, ignore_errors=True)
    if isinstance(make, PostgresqlDesks):
        make.forget(where)


def _close(desk: MoneyDesk) -> None:
    desk.gateway.close()
    desk.store.close()
