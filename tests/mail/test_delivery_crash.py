"""Killed anywhere while mail is sent: nothing is lost, nothing goes out twice."""

import os
import signal
from collections import Counter
from pathlib import Path

import pytest

from portal.failpoints import failpoint, kill_at, set_trap
from portal.mail.folder import FolderCarrier
from portal.mail.smtp import SmtpCarrier
from portal.services.mail_ports import LetterState
from portal.store import open_store
from tests.adapters.mail_server import Sink, free_port, server_at, smtp_server
from tests.mail_fixture import TestClock, a_delivery, a_letter, put

PLACES = ("mail.claimed", "mail.composed", "mail.leaving", "mail.taken")
LETTERS = 3


def test_sent_or_unsure_but_never_lost_and_never_doubled(tmp_path: Path, suite_line) -> None:
    runs = violations = 0
    for place in PLACES:
        for time in (1, LETTERS) if place != "mail.claimed" else (1,):
            for kind in ("smtp", "folder"):
                runs += 1
                home = tmp_path / f"{place}-{time}-{kind}"
                violations += len(_faults(home, kind, place, time))

    suite_line(f"crash: {runs} runs, {violations} violations; mail")
    assert violations == 0


def _faults(home: Path, kind: str, place: str, time: int) -> list[str]:
    """Kill the job once, let another finish, and look at what arrived."""
    home.mkdir()
    url = f"sqlite:///{home / 'store.sqlite'}"
    with_letters = open_store(url, secret_key="test")
    ids = put(with_letters, *(a_letter(f"k{n}") for n in range(LETTERS)))
    with_letters.close()
    port, sink = free_port(), Sink()
    reading, writing = os.pipe()
    # The child is forked before the server's thread starts, and waits for it.
    child = os.fork()
    if child == 0:
        os.read(reading, 1)
        _send(home, kind, port, place, time)
        os._exit(0)
    with smtp_server(sink, port=port):
        os.write(writing, b"!")
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status), (place, time, kind)
        assert os.WTERMSIG(status) == signal.SIGKILL
        states = _recover(home, kind, port, ids)
    arrived = Counter(sink.ids if kind == "smtp" else _files(home))
    return [
        letter_id
        for letter_id in ids
        if arrived[letter_id] > 1
        or states[letter_id] not in (LetterState.SENT, LetterState.UNSURE)
        or (states[letter_id] is LetterState.SENT and not arrived[letter_id])
        or (kind == "folder" and states[letter_id] is not LetterState.SENT)
    ]


def _send(home: Path, kind: str, port: int, place: str, time: int) -> None:
    try:
        store = open_store(f"sqlite:///{home / 'store.sqlite'}", secret_key="test")
        set_trap(kill_at(place, time=time))
        a_delivery(store, _carrier(home, kind, port), home, TestClock(), failpoint=failpoint).run()
    finally:
        os._exit(1)


def _recover(home: Path, kind: str, port: int, ids: list[str]) -> dict[str, LetterState]:
    store = open_store(f"sqlite:///{home / 'store.sqlite'}", secret_key="test")
    clock = TestClock()
    clock.forward(minutes=11)
    delivery = a_delivery(store, _carrier(home, kind, port), home, clock, worker="w2")
    delivery.run()
    clock.forward(minutes=11)
    delivery.run()
    with store.reading() as view:
        found = {letter_id: view.outbox.find(letter_id).state for letter_id in ids}
    store.close()
    return found


def _carrier(home: Path, kind: str, port: int) -> SmtpCarrier | FolderCarrier:
    return SmtpCarrier(server_at(port)) if kind == "smtp" else FolderCarrier(home / "outbox")


def _files(home: Path) -> list[str]:
    return [file.stem.rpartition("-")[2] for file in (home / "outbox").glob("*.eml")]


@pytest.mark.parametrize("place", PLACES)
def test_the_places_to_be_killed_at_are_known(place: str) -> None:
    from portal.failpoints import NAMES

    assert place in NAMES
