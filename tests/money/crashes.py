"""Kill a process at a failpoint, let somebody try again, settle, and look at the books."""

import contextlib
import itertools
import os
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from portal import failpoints
from portal.domain.errors import PortalError
from tests.money.fresh_desk import Desks, folder
from tests.money.postgresql_desks import PostgresqlDesks

KILLED, WENT_THROUGH, FAULT = "killed", "went through", "fault"
PLACE = "killed_at"
"""The file in which a process says where it dies."""
Step = Callable[[Any, Any], object]


@dataclass(frozen=True)
class Flow:
    """Something that may be killed at any moment, and be tried again.

    `prepare` makes what it starts from and `run` is killed; `again` is what somebody does who
    saw it fail, `jobs` what the portal does later by itself: either may be killed as well.
    Once nothing is killed any more, `recover` lets time pass and `look` tells what is wrong.
    """

    name: str
    prepare: Callable[[Any], Any]
    run: Step
    jobs: Step
    recover: Callable[[Any], object]
    look: Callable[[Any], list[str]]
    again: Step | None = None
    needs_another_try: bool = False
    """Nothing is owed to somebody who never tried again, so that the look expects a try."""


@dataclass
class Tally:
    """What came of the runs."""

    runs: int = 0
    kills: int = 0
    reached: set[str] = field(default_factory=set)
    violations: list[str] = field(default_factory=list)

    def words(self) -> str:
        """What a report says of the runs."""
        return (
            f"{self.runs} runs, {len(self.violations)} violations; "
            f"{self.kills} kills at {len(self.reached)} failpoints"
        )


class Crashes:
    """The crashes of one flow over one kind of database, added to a tally."""

    def __init__(self, flow: Flow, desks: Desks, tally: Tally) -> None:
        self._flow, self._desks, self._tally = flow, desks, tally
        self._again = flow.again or flow.run

    def at_each_point(self, *, stops_when_wrong: bool = False) -> None:
        """Kill at each failpoint in turn; then somebody tries again."""
        with self._prepared() as (template, start):
            for at in itertools.count(1):
                where = self._desks.copy(template)
                place = self._dies(where, self._flow.run, start, at)
                self._dies(where, self._again, start, None)
                self._look(where, [place or "nowhere"])
                if place is None or (stops_when_wrong and self._tally.violations):
                    return

    def at_each_pair(self) -> None:
        """Kill at each failpoint, and whoever comes next at each failpoint that follows."""
        with self._prepared() as (template, start):
            for at in itertools.count(1):
                killed = self._desks.copy(template)
                try:
                    place = self._dies(killed, self._flow.run, start, at)
                    if place is None:
                        return
                    self._kill_next(killed, start, [place], self._again, "tried again")
                    self._kill_next(killed, start, [place], self._flow.jobs, "jobs")
                finally:
                    self._desks.forget(killed)

    def _kill_next(
        self, killed: Path, start: object, so_far: list[str], step: Step, words: str
    ) -> None:
        """From this moment, kill the step at each of its failpoints; at last let it go through."""
        is_by_person = step is self._again
        for at in itertools.count(1):
            where = self._desks.copy(killed)
            place = self._dies(where, step, start, at)
            if is_by_person or self._flow.needs_another_try:
                self._dies(where, self._again, start, None)
            self._look(where, [*so_far, f"{words}: {place or 'not killed'}"])
            if place is None:
                return

    @contextlib.contextmanager
    def _prepared(self):
        template = folder()
        try:
            desk = self._desks(template)
            start = self._flow.prepare(desk)
            _close(desk)
            self._rehearse(template, start)
            yield template, start
        finally:
            self._desks.forget(template)

    def _rehearse(self, template: Path, start: object) -> None:
        """Go through everything once: the processes to come inherit what it takes to know how."""
        where = self._desks.copy(template)
        desk = self._desks(where)
        try:
            for step in (self._flow.run, self._again, self._flow.jobs):
                with contextlib.suppress(PortalError):
                    step(desk, start)
        finally:
            _close(desk)
            self._desks.forget(where)

    def _dies(self, where: Path, step: Step, start: object, at: int | None) -> str | None:
        """Run a step in a process that dies at its n-th failpoint. Returns: where it died."""
        outcome = _in_a_process(lambda: _run(self._desks, where, step, start, at))
        if outcome == FAULT:
            self._tally.violations.append(f"{self._flow.name}: the flow broke at {at}")
        if outcome != KILLED:
            return None
        place = (where / PLACE).read_text()
        self._tally.kills += 1
        self._tally.reached.add(place)
        return place

    def _look(self, where: Path, killed_at: list[str]) -> None:
        """Let the portal recover, count the run, and note what is wrong."""
        self._tally.runs += 1
        desk = self._desks(where)
        try:
            self._flow.recover(desk)
            found = self._flow.look(desk)
        finally:
            _close(desk)
            self._desks.forget(where)
        self._tally.violations += [f"{self._flow.name} {killed_at}: {one}" for one in found]


def crashed_twice(flow: Flow, desks: Desks, suite_line: Callable[[str], None]) -> None:
    """Kill a flow at each of its points, and whoever comes next at each of theirs."""
    once, twice = Tally(), Tally()
    Crashes(flow, desks, once).at_each_point()
    Crashes(flow, desks, twice).at_each_pair()
    backend = "PostgreSQL" if isinstance(desks, PostgresqlDesks) else "SQLite"
    suite_line(f"crash: {once.words()}; {flow.name} once on {backend}")
    suite_line(f"crash: {twice.words()}; {flow.name} twice on {backend}")

    assert [*once.violations, *twice.violations] == []
    assert twice.kills > once.kills


def _run(desks: Desks, where: Path, step: Step, start: object, at: int | None) -> None:
    desk = desks(where)
    if at is not None:
        left = [at]

        def trap(name: str) -> None:
            left[0] -= 1
            if left[0] == 0:
                (where / PLACE).write_text(name)
                failpoints.kill_at(name)(name)

        failpoints.set_trap(trap)
    with contextlib.suppress(PortalError):
        step(desk, start)


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


def _close(desk: Any) -> None:
    desk.gateway.close()
    desk.store.close()
