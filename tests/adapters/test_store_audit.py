"""The audit log can only grow, and shows when somebody got around that."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from portal.store import Store, UnitOfWork, open_store
from tests.access_fixture import NOON
from tests.adapters.store_backends import cluster, store, store_url

__all__ = ["cluster", "store", "store_url"]

ROWS = 150
COLUMNS = ("at", "actor", "action", "subject", "detail", "prev_hash", "hash")


@pytest.fixture
def log(store: Store) -> Store:
    """A store whose log has ROWS rows."""
    with store.unit_of_work() as uow:
        for number in range(ROWS):
            uow.audit.append(
                at=NOON, actor="ann", action="act", subject=f"é{number}", detail={"n": number}
            )
        uow.commit()
    return store


@pytest.fixture
def tampering(log: Store) -> Iterator[UnitOfWork]:
    """A transaction of somebody who has switched the triggers off; nothing of it stays."""
    with log.unit_of_work() as uow:
        connection = uow._connection
        if connection.dialect.name == "postgresql":
            connection.execute(text("alter table audit_log disable trigger user"))
        else:
            for change in ("update", "delete"):
                connection.execute(text(f"drop trigger audit_log_refuses_{change}"))
        yield uow


def run(uow: UnitOfWork, statement: str, **values: object) -> None:
    uow._connection.execute(text(statement), values)


def test_an_untouched_log_verifies(log: Store) -> None:
    with log.reading() as view:
        report = view.audit.verify()

    assert (report.rows, report.broken_at) == (ROWS, None)


@pytest.mark.parametrize("change", ["update audit_log set actor = 'bob'", "delete from audit_log"])
def test_the_database_refuses_to_change_the_log(log: Store, change: str) -> None:
    with pytest.raises(DBAPIError, match="only grow"), log.unit_of_work() as uow:
        run(uow, change)


@pytest.mark.catalogue(108)
def test_every_changed_field_of_every_row_is_found(tampering: UnitOfWork) -> None:
    found = 0
    for seq in range(1, ROWS + 1):
        column = COLUMNS[seq % len(COLUMNS)]
        value = "'2020-01-01 00:00:00'" if column == "at" else "'x'"
        with tampering._connection.begin_nested() as attempt:
            run(tampering, f"update audit_log set {column} = {value} where seq = :seq", seq=seq)
            found += tampering.audit.verify().broken_at == seq
            attempt.rollback()

    assert found == ROWS


def test_every_missing_row_but_the_last_is_found(tampering: UnitOfWork) -> None:
    found = 0
    for seq in range(1, ROWS):
        with tampering._connection.begin_nested() as attempt:
            run(tampering, "delete from audit_log where seq = :seq", seq=seq)
            found += tampering.audit.verify().broken_at == seq
            attempt.rollback()

    assert found == ROWS - 1


def test_swapped_rows_are_found(tampering: UnitOfWork) -> None:
    move = "update audit_log set seq = :to where seq = :seq"
    for seq, to in ((10, 0), (11, 10), (0, 11)):
        run(tampering, move, seq=seq, to=to)

    assert tampering.audit.verify().broken_at == 10


def test_an_invented_row_is_found(tampering: UnitOfWork) -> None:
    run(
        tampering,
        "insert into audit_log select :new, at, actor, action, subject, detail, hash, prev_hash "
        "from audit_log where seq = :last",
        new=ROWS + 1,
        last=ROWS,
    )

    assert tampering.audit.verify().broken_at == ROWS + 1


@pytest.mark.catalogue(109)
def test_an_end_that_was_cut_off_is_found_with_an_earlier_head(tampering: UnitOfWork) -> None:
    head = tampering.audit.verify().head
    run(tampering, "delete from audit_log where seq > :seq", seq=ROWS - 5)

    assert tampering.audit.verify().broken_at is None
    assert tampering.audit.verify(anchor=head).broken_at == ROWS - 4


def test_without_the_secret_key_nobody_can_mend_the_chain(log: Store, store_url: str) -> None:
    other = open_store(store_url, secret_key="another key")

    with other.reading() as view:
        assert view.audit.verify().broken_at == 1
    other.close()


@pytest.mark.catalogue(110)
def test_a_clock_that_is_set_back_leaves_the_log_in_the_order_of_what_happened(log: Store) -> None:
    with log.unit_of_work() as uow:
        uow.audit.append(at=NOON - timedelta(days=2), actor="ann", action="later", subject="x")
        uow.commit()

    with log.reading() as view:
        (newest,) = view.audit.rows(limit=1)
        report = view.audit.verify()
    assert (newest.action, newest.seq) == ("later", ROWS + 1)
    assert newest.at < NOON, "the line says the time the clock told"
    assert report.broken_at is None


def test_the_newest_lines_come_first(log: Store) -> None:
    with log.reading() as view:
        newest = view.audit.rows(limit=2)
        next_page = view.audit.rows(before=newest[-1].seq, limit=1)

    assert [row.seq for row in newest] == [ROWS, ROWS - 1]
    assert next_page[0].detail == {"n": ROWS - 3}
