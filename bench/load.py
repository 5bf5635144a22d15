"""The portal at work: a firm that lives and 25 people at their pages, for a minute."""

import itertools
import json
import statistics
import subprocess
import sys
import threading
import time

from bench.figures import Line, Samples, Table, p95_limit
from bench.firm import Bookkeeper
from bench.pages import Bench, cases
from bench.server import Server
from portal.settings import PROJECT

SESSIONS = 25
SECONDS = 60
IDLE_SECONDS = 10
TICK_SECONDS = 1.0
CHANGES = 100
LOOKED_AT = ("first_page", "by_outstanding", "overdue_and_client", "deep_jump")
PAUSE_SECONDS = 0.15


def measure(bench: Bench, server: Server) -> Table:
    """Rows and runs under load; beside each list its times while nothing else went on."""
    looked = [case for case in cases(bench.con) if case.name in LOOKED_AT]
    idle = _look(bench, looked, time.monotonic() + IDLE_SECONDS)
    stop = threading.Event()
    posting = threading.Thread(target=_post, args=(server, stop), daemon=True)
    with _people(server) as people:
        posting.start()
        loaded = _look(bench, looked, time.monotonic() + SECONDS)
        answer = json.loads(people.communicate(timeout=SECONDS + 120)[0])
    stop.set()
    posting.join()
    lines = [
        Line(f"/api/rows: {case.title}", loaded[case.name], idle[case.name], p95_limit(150))
        for case in looked
    ]
    every = Samples(tuple(ms for times in loaded.values() for ms in times.ms))
    before = Samples(tuple(ms for times in idle.values() for ms in times.ms))
    lines.append(Line("/api/rows: all of these", every, before, p95_limit(150)))
    opened, _ = _runs(answer["opened"])
    acted, pages = _runs(answer["acted"])
    problems = f"{len(answer['problems'])} sessions broke off" if answer["problems"] else ""
    lines += [
        Line("script runs: page opened", opened, note=problems),
        Line("script runs: action", acted, limit=p95_limit(1000), note=f"p50 of {pages}"),
    ]
    return Table(
        f"Under load for {SECONDS} s: {CHANGES} changes each {TICK_SECONDS:g} s, "
        f"{SESSIONS} sessions with an action each 10 s (bare: the same list while idle)",
        lines,
    )


def _look(bench: Bench, looked: list, until: float) -> dict[str, Samples]:
    found: dict[str, list[float]] = {case.name: [] for case in looked}
    for case in looked:
        bench.client.rows(case.asked)
    for case in itertools.cycle(looked):
        if time.monotonic() > until:
            break
        began = time.perf_counter()
        bench.client.rows(case.asked)
        found[case.name].append((time.perf_counter() - began) * 1000)
        time.sleep(PAUSE_SECONDS)
    return {name: Samples(tuple(times)) for name, times in found.items()}


def _post(server: Server, stop: threading.Event) -> None:
    bookkeeper = Bookkeeper(server.firm)
    while not stop.is_set():
        began = time.monotonic()
        bookkeeper.post(CHANGES)
        stop.wait(max(0.0, TICK_SECONDS - (time.monotonic() - began)))
    bookkeeper.leave()


def _people(server: Server) -> subprocess.Popen:
    cookies = [server.enter().cookie for _ in range(SESSIONS)]
    people = subprocess.Popen(
        [sys.executable, "-m", "bench.sessions"],
        cwd=PROJECT, env=server.firm.environ, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    orders = {"address": server.address, "cookies": cookies, "seconds": SECONDS}
    people.stdin.write(json.dumps(orders))
    people.stdin.close()
    people.stdin = None
    if people.stdout.readline().strip() != "ready":
        raise RuntimeError("the pages could not be opened over a WebSocket")
    return people


def _runs(found: list[tuple[str, float]]) -> tuple[Samples, str]:
    """All runs, and the median of each page in words."""
    by_page: dict[str, list[float]] = {}
    for page, ms in found:
        by_page.setdefault(page, []).append(ms)
    said = ", ".join(f"{page} {statistics.median(ms):.0f}" for page, ms in sorted(by_page.items()))
    return Samples(tuple(ms for _, ms in found)), said
