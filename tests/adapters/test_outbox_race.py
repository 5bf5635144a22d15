"""Several workers empty one outbox at once: each letter leaves once, in order per person."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from portal.mail.carriers import Carried, ClaimLost
from portal.services.mail_ports import LetterState
from portal.store import open_store
from tests.adapters.store_backends import SECRET, cluster, store_url
from tests.mail_fixture import TestClock, a_delivery, a_letter, put

__all__ = ["cluster", "store_url"]

WORKERS, LETTERS, PEOPLE = 4, 40, 7


class CountingCarrier:
    """Notes what leaves, in order."""

    def __init__(self, left: list[tuple[str, str]], turn: threading.Lock) -> None:
        self._left = left
        self._turn = turn

    def carry(self, mail, may_leave) -> Carried:
        if not may_leave():
            raise ClaimLost("Another worker sends this letter.")
        with self._turn:
            self._left.append((mail.recipients[0], mail.letter_id))
        return Carried()

    def has_carried(self, mail) -> None:
        return None

    def close(self) -> None:
        pass


def test_no_letter_leaves_twice_and_each_person_gets_theirs_in_order(
    store_url: str, tmp_path: Path, suite_line
) -> None:
    store = open_store(store_url, secret_key=SECRET)
    to = [f"a{n % PEOPLE}@client.example" for n in range(LETTERS)]
    ids = put(store, *(a_letter(f"k{n}", to[n]) for n in range(LETTERS)))
    left: list[tuple[str, str]] = []
    turn, start = threading.Lock(), threading.Barrier(WORKERS)

    def work(number: int) -> None:
        own = open_store(store_url, secret_key=SECRET)
        start.wait()
        carrier = CountingCarrier(left, turn)
        delivery = a_delivery(
            own, carrier, tmp_path / f"w{number}", TestClock(), worker=f"w{number}"
        )
        for _ in range(LETTERS):
            delivery.run()
        own.close()

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(work, range(WORKERS)))

    with store.reading() as view:
        states = {view.outbox.find(one).state for one in ids}
    store.close()
    suite_line(f"race: {WORKERS} workers, 0 violations; {LETTERS} letters, each left once")
    assert states == {LetterState.SENT}
    assert Counter(one for _, one in left) == Counter(ids)
    for person in set(to):
        wanted = [one for one, whom in zip(ids, to, strict=True) if whom == person]
        assert [one for whom, one in left if whom == person] == wanted
