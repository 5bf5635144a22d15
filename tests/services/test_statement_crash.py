"""Killed anywhere in a run or while sending: each client hears once, and none is forgotten."""

import os
import signal
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from portal.domain.errors import PortalError
from portal.failpoints import NAMES, kill_at, set_trap
from portal.services import run_statements
from portal.services.send_statement import SendStatement
from portal.services.statement_ports import Statement, StatementState
from portal.store import Store, open_store
from portal.store.engine import open_engine
from tests.adapters.store_backends import SECRET, cluster, store_url
from tests.collections_fixture import CAROL, MORNING, RULES, Firm, overdue

__all__ = ["cluster", "store_url"]

IN_A_RUN = (
    "statements.begun",
    "statements.batch_written",
    "statements.batch_durable",
    "statements.counted",
    "statements.done",
)
IN_SENDING = ("statements.send_written", "statements.send_durable")
TIMES = (1, 2, 4)
"""At the how many-th time the process comes by: the first batch, one between, the last."""
ONE_DAY = replace(RULES, throttle_days=1)
"""The throttle can't hide a second letter of the next day."""


def debts(firm: Firm) -> Firm:
    """Eight clients: three to review, four written to at once, one with nobody to write to."""
    for client in ("10", "11", "12"):
        firm.owes(client, overdue(30, f"{client}0"))
    for client in ("20", "21", "22", "23"):
        firm.owes(client, overdue(60, f"{client}0"))
    firm.owes("30", overdue(60, "300"), recipients=())
    return firm


def opened(url: str) -> Firm:
    """The firm as a new process finds it; the tables are there."""
    return debts(Firm(store=Store(open_engine(url), b"crash"), rules=ONE_DAY))


def in_a_killed_process(url: str, place: str, time: int, work: Callable[[Firm], object]) -> bool:
    """Do it in a process that is killed when it comes by. Returns: whether it was."""
    child = os.fork()
    if child == 0:
        code = 0
        try:
            run_statements.BATCH = 2
            firm = opened(url)
            set_trap(kill_at(place, time=time))
            work(firm)
        except BaseException:
            code = 1
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, (place, time)
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def prepared(url: str) -> None:
    open_store(url, secret_key=SECRET).close()
    firm = opened(url)
    firm.save_rules(ONE_DAY)
    firm.store.close()


def emptied(store: Store) -> None:
    """The store without what a run leaves; as good as a new one."""
    with store._engine.begin() as connection:
        for table in ("statements", "statement_runs", "letter_recipients", "letters"):
            connection.exec_driver_sql(f"delete from {table}")


def statements_of(store: Store) -> list[Statement]:
    with store.reading() as view:
        return [
            one
            for state in StatementState
            for one in view.statements.recent(state, MORNING.date() - timedelta(days=9), 100)
        ]


def violations(store: Store) -> list[str]:
    """What may never be: two statements, two letters, one without the other, a client forgotten."""
    made = statements_of(store)
    with store.reading() as view:
        letters = [one for c in {one.client_id for one in made} for one in view.outbox.of_client(c)]
    keys = Counter(one.letter.dedupe_key for one in letters)
    sent = {f"statement:{one.statement_id}" for one in made if one.state is StatementState.SENT}
    per_client = Counter(one.client_id for one in made)
    found = [f"{client} has {n} statements" for client, n in per_client.items() if n != 1]
    found += [f"{key} left {n} times" for key, n in keys.items() if n != 1]
    found += [f"{key}: letter and statement differ" for key in sent ^ set(keys)]
    known = {one.letter_id for one in letters}
    found += [
        f"{one.statement_id} names another letter"
        for one in made
        if one.state is StatementState.SENT and one.letter_id not in known
    ]
    return found


def test_a_run_that_is_killed_is_finished_by_the_next_try(store_url: str, suite_line) -> None:
    prepared(store_url)
    kills, faults = 0, []
    for place in IN_A_RUN:
        for time in TIMES if "batch" in place else (1,):
            for later in (timedelta(hours=1), timedelta(days=1)):
                kills += in_a_killed_process(
                    store_url, place, time, lambda firm: firm.desk.run_statements(MORNING)
                )
                firm = opened(store_url)
                done = firm.desk.run_statements(MORNING + later)
                assert done.run is not None and done.run.state == "done"
                found = violations(firm.store)
                clients = {one.client_id for one in statements_of(firm.store)}
                found += [f"{c} forgotten" for c in set(firm.debts.known) - clients]
                faults += [f"{place} {time} {later}: {one}" for one in found]
                emptied(firm.store)
                firm.store.close()
    backend = store_url.partition(":")[0]
    suite_line(f"crash: {kills} runs, {len(faults)} violations; statements on {backend}")
    assert faults == []
    assert kills == 2 * (len(IN_A_RUN) + 2 * (len(TIMES) - 1))


def test_two_schedulers_of_two_processes_share_one_run(store_url: str) -> None:
    prepared(store_url)
    reading, writing = os.pipe()
    children = [in_a_waiting_process(store_url, reading, writing) for _ in range(2)]
    os.close(reading)
    os.close(writing)

    ends = [os.waitpid(child, 0)[1] for child in children]

    assert [os.WEXITSTATUS(end) for end in ends] == [0, 0]
    firm = opened(store_url)
    assert violations(firm.store) == []
    assert {one.client_id for one in statements_of(firm.store)} == set(firm.debts.known)
    firm.store.close()


def in_a_waiting_process(url: str, reading: int, writing: int) -> int:
    """A process that makes the run once nobody holds the pipe any more. Returns: its id."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        run_statements.BATCH = 1
        os.close(writing)
        firm = opened(url)
        os.read(reading, 1)
        firm.desk.run_statements(MORNING)
        code = 0
    finally:
        os._exit(code)


@pytest.mark.parametrize("place", IN_SENDING)
def test_a_statement_that_was_being_sent_is_sent_once(store_url: str, place: str) -> None:
    prepared(store_url)
    firm = opened(store_url)
    firm.desk.run_statements(MORNING)
    asked = SendStatement(actor=CAROL, statement_id="ST-20260630-10")
    firm.store.close()

    assert in_a_killed_process(store_url, place, 1, lambda one: one.desk.send_statement(asked))

    firm = opened(store_url)
    if place == "statements.send_written":
        firm.desk.send_statement(asked)
    else:
        with pytest.raises(PortalError, match="no longer waiting"):
            firm.desk.send_statement(asked)
    assert violations(firm.store) == []
    assert {one.client_id for one in statements_of(firm.store) if one.sent_on} >= {"10"}
    firm.store.close()


def test_every_place_to_be_killed_at_is_known() -> None:
    assert {one for one in NAMES if one.startswith("statements.")} == {*IN_A_RUN, *IN_SENDING}
