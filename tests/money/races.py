"""Processes that do the same at the same moment, and what each of them was told."""

import json
import multiprocessing
import os
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from portal.domain.errors import PortalError
from tests.services.money_desk import MoneyDesk

MakeDesk = Callable[[], MoneyDesk]
Attempt = Callable[[MoneyDesk, int], str]


def race(where: Path, make: MakeDesk, attempts: list[Attempt]) -> Counter[str]:
    """Start all attempts at once, each in a process. Returns: how often what was told."""
    together = multiprocessing.get_context("fork").Barrier(len(attempts))
    children = []
    for number, attempt in enumerate(attempts):
        pid = os.fork()
        if pid == 0:
            try:
                told = _try(make, attempt, number, together)
            except BaseException:
                traceback.print_exc()
                told = ["fault"]
            (where / f"told-{number}.json").write_text(json.dumps(told))
            os._exit(0)
        children.append(pid)
    for pid in children:
        os.waitpid(pid, 0)
    told: Counter[str] = Counter()
    for number in range(len(attempts)):
        told.update(json.loads((where / f"told-{number}.json").read_text()))
    return told


def _try(make: MakeDesk, attempt: Attempt, number: int, together: object) -> list[str]:
    desk = make()
    together.wait(timeout=60)  # type: ignore[attr-defined]
    try:
        return [attempt(desk, number)]
    except PortalError as refused:
        return [type(refused).__name__]


def many(times: int, attempt: Attempt) -> Attempt:
    """The same attempt again and again; what was told most tellingly counts: a success if any."""

    def again(desk: MoneyDesk, number: int) -> str:
        told = set()
        for time in range(times):
            try:
                told.add(attempt(desk, number * times + time))
            except PortalError as refused:
                told.add(type(refused).__name__)
        return "succeeded" if "succeeded" in told else sorted(told)[0]

    return again
