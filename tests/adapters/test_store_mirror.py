"""Lists see the store's rows soon after they are committed, and never half of them."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from portal.jobs.mirroring import Mirroring
from portal.services.collections_ports import InvoiceDispute
from portal.store import Store, open_store
from portal.store.tables import metadata
from portal.warehouse.store_mirror import StoreMirror
from portal.warehouse.store_tables import STORE_TABLES
from portal.warehouse.warehouse import Warehouse
from tests.access_fixture import NOON
from tests.adapters.store_backends import SECRET, cluster, store, store_url
from tests.ledger_fixture import small_ledger

__all__ = ["cluster", "store", "store_url"]


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    """A warehouse with data, into which the store's rows are copied."""
    opened = small_ledger(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def announced() -> list[None]:
    """How often somebody was told of a new version."""
    return []


@pytest.fixture
def mirroring(warehouse: Warehouse, store: Store, announced: list[None]) -> Mirroring:
    """The copies, renewed at each commit."""
    made = Mirroring(StoreMirror(warehouse, store), lambda: announced.append(None))
    made.renew()
    store.on_commit(made.committed)
    return made


def tell(store: Store, *actions: str, commit: bool = True) -> None:
    with store.unit_of_work() as uow:
        for action in actions:
            uow.audit.append(at=NOON, actor="ann", action=action, subject="x", detail={"ü": 1})
        if commit:
            uow.commit()


def copied(warehouse: Warehouse) -> list[tuple]:
    with warehouse.cursor() as con:
        found = con.execute("select seq, audit_log.at, action, detail from store.audit_log")
        return sorted(found.fetchall())


def test_what_was_committed_before_the_start_is_there_at_the_start(
    store: Store, warehouse: Warehouse
) -> None:
    tell(store, "first")

    Mirroring(StoreMirror(warehouse, store), lambda: None).renew()

    assert [row[:3] for row in copied(warehouse)] == [(1, NOON.replace(tzinfo=None), "first")]


def test_a_commit_is_in_the_lists_in_a_new_version_and_told(
    store: Store, warehouse: Warehouse, mirroring: Mirroring, announced: list[None]
) -> None:
    before = warehouse.data_version().version
    told = len(announced)

    tell(store, "one", "two")

    assert [row[2] for row in copied(warehouse)] == ["one", "two"]
    assert warehouse.data_version().version == before + 1
    assert len(announced) == told + 1


def test_what_was_not_committed_is_nowhere(
    store: Store, warehouse: Warehouse, mirroring: Mirroring
) -> None:
    before = warehouse.data_version()

    tell(store, "never", commit=False)

    assert not mirroring.renew()
    assert copied(warehouse) == []
    assert warehouse.data_version() == before


def test_what_no_list_shows_makes_no_new_version(
    store: Store, warehouse: Warehouse, mirroring: Mirroring
) -> None:
    before = warehouse.data_version()
    with store.unit_of_work() as uow:
        uow.shown_clients.add(["1"])
        uow.commit()

    assert not mirroring.renew()
    assert warehouse.data_version() == before


def test_listeners_are_told_after_the_lock_is_free(store: Store) -> None:
    written: list[frozenset[str]] = []

    def write_too(subjects: frozenset[str]) -> None:
        written.append(subjects)
        if len(written) == 1:
            tell(store, "from the listener")

    store.on_commit(write_too)
    tell(store, "one")

    assert written == [frozenset({"audit_log"}), frozenset({"audit_log"})]


def test_another_process_s_commit_is_seen_at_the_next_beat(
    store: Store, store_url: str, warehouse: Warehouse, mirroring: Mirroring
) -> None:
    other = open_store(store_url, secret_key=SECRET)
    tell(other, "from elsewhere")
    other.close()

    assert mirroring.renew()
    assert [row[2] for row in copied(warehouse)] == ["from elsewhere"]


def contest(store: Store, dispute_id: str, meanwhile: Callable[[], None] = lambda: None) -> None:
    """Note a dispute; other things happen before it is committed."""
    with store.unit_of_work() as uow:
        uow.invoice_disputes.save(
            InvoiceDispute(
                dispute_id=dispute_id, client_id="1", invoice_id=dispute_id, invoice_number="1",
                reason="Not ordered", opened_by="ann", opened_at=NOON,
            )
        )  # fmt: skip
        meanwhile()
        uow.commit()


def contested(warehouse: Warehouse) -> list[str]:
    with warehouse.cursor() as con:
        found = con.execute("select dispute_id from store.invoice_disputes order by dispute_id")
        return [row[0] for row in found.fetchall()]


def test_what_was_written_first_and_committed_last_is_copied_too(
    store: Store, store_url: str, warehouse: Warehouse, mirroring: Mirroring
) -> None:
    def others() -> None:
        for number in range(3):
            contest(store, f"other-{number}")
            mirroring.renew()

    if store_url.startswith("postgresql"):
        contest(store, "slow", meanwhile=lambda: contest(store, "slower", meanwhile=others))
    else:  # one writes at a time
        others()
        contest(store, "slower")
        contest(store, "slow")

    assert contested(warehouse) == ["other-0", "other-1", "other-2", "slow", "slower"]
    before = warehouse.data_version()
    assert not mirroring.renew()
    assert warehouse.data_version() == before


def test_many_changes_at_once_are_copied_whole(
    store: Store, warehouse: Warehouse, mirroring: Mirroring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.store.changes.MOST_TOLD", 3)

    tell(store, *(f"action {n}" for n in range(10)))

    assert len(copied(warehouse)) == 10


def test_a_reader_sees_all_of_a_commit_or_nothing_of_it(
    store: Store, warehouse: Warehouse, mirroring: Mirroring
) -> None:
    mirroring.start()
    writer = threading.Thread(target=lambda: [tell(store, "a", "b") for _ in range(20)])
    writer.start()
    seen = []
    while writer.is_alive() or not seen or seen[-1] < 40:
        seen.append(len(copied(warehouse)))
    writer.join()
    mirroring.stop()

    assert all(count % 2 == 0 for count in seen)


def test_every_copied_column_is_one_of_the_store() -> None:
    for table in STORE_TABLES:
        known = set(metadata.tables[table.name].columns.keys())
        assert set(table.columns) <= known, table.name
        assert table.key in table.columns, table.name


def test_every_table_is_copied_once() -> None:
    names = [table.name for table in STORE_TABLES]

    assert len(names) == len(set(names))


def test_no_secret_is_copied() -> None:
    copies = {column for table in STORE_TABLES for column in table.columns}

    assert not [c for c in copies if "hash" in c or "token" in c or "password" in c or "_ref" in c]
