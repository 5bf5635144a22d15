"""The store keeps what is committed, on SQLite and on PostgreSQL alike."""

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError

from portal.domain.errors import SettingsInvalid
from portal.services.ports import Grant, ListView, Session, SignInKind, Ticket, User
from portal.store import Store, StoreBusy, open_store
from portal.store.engine import told_busy
from tests.access_fixture import NOON
from tests.adapters.store_backends import SECRET, cluster, copy_of_tables, store, store_url

__all__ = ["cluster", "store", "store_url"]


def ann(**changes: object) -> User:
    known = {
        "user_key": "local:ann",
        "kind": SignInKind.LOCAL,
        "user_name": "ann",
        "full_name": "Ann Ünal 🧾",
        "email": "ann@firm.example",
        "groups": ("users", "partners"),
        "password_hash": "h",
    }
    return User(**{**known, **changes})


def a_session(session_id: str = "s1", **changes: object) -> Session:
    known = {
        "session_id": session_id,
        "user_key": "local:ann",
        "kind": SignInKind.LOCAL,
        "created_at": NOON,
        "last_seen_at": NOON,
        "expires_at": NOON + timedelta(hours=12),
    }
    return Session(**{**known, **changes})


def a_ticket(**changes: object) -> Ticket:
    known = {
        "ticket_hash": "t1",
        "user_key": "local:ann",
        "kind": SignInKind.LOCAL,
        "expires_at": NOON + timedelta(seconds=30),
    }
    return Ticket(**{**known, **changes})


def test_what_is_not_committed_has_not_happened(store: Store) -> None:
    with store.unit_of_work() as uow:
        uow.users.save(ann())

    with store.reading() as view:
        assert view.users.find("local:ann") is None


def test_a_fault_undoes_the_whole_unit_of_work(store: Store) -> None:
    with pytest.raises(RuntimeError), store.unit_of_work() as uow:
        uow.users.save(ann())
        raise RuntimeError

    with store.unit_of_work() as uow:
        assert uow.users.find("local:ann") is None


def test_a_part_that_is_refused_is_undone_and_the_rest_of_the_work_stands(store: Store) -> None:
    with store.unit_of_work() as uow:
        uow.users.save(ann())
        with pytest.raises(ZeroDivisionError), uow.part():
            uow.users.save(ann(user_key="local:bea", user_name="bea"))
            1 / 0  # noqa: B018
        with uow.part():
            uow.users.save(ann(user_key="local:cem", user_name="cem"))
        uow.commit()

    with store.reading() as view:
        found = [view.users.find(f"local:{name}") for name in ("ann", "bea", "cem")]
    assert [user is not None for user in found] == [True, False, True]


def test_a_user_comes_back_as_saved_and_names_ignore_case(store: Store) -> None:
    with store.unit_of_work() as uow:
        uow.users.save(ann(user_name="ANN", email="Ann@Firm.Example"))
        uow.commit()

    with store.reading() as view:
        assert view.users.find_by_name("Ann") == ann()
        assert view.users.with_email("ANN@firm.example", SignInKind.LOCAL) == [ann()]
        assert view.users.with_email("ann@firm.example", SignInKind.OIDC) == []


def test_saving_a_user_again_replaces_what_is_known(store: Store) -> None:
    with store.unit_of_work() as uow:
        uow.users.save(ann())
        uow.users.save(ann(groups=("users",), is_active=False))
        uow.commit()

    with store.reading() as view:
        assert view.users.everybody() == [ann(groups=("users",), is_active=False)]


def test_an_instant_comes_back_in_utc_whatever_its_zone_was(store: Store) -> None:
    paris = timezone(timedelta(hours=2))
    with store.unit_of_work() as uow:
        uow.sessions.add(a_session(created_at=NOON.astimezone(paris)))
        uow.commit()

    with store.reading() as view:
        found = view.sessions.find("s1")
    assert found == a_session()
    assert found.created_at.tzinfo == UTC


def test_an_instant_without_a_zone_is_refused(store: Store) -> None:
    with pytest.raises(StatementError), store.unit_of_work() as uow:
        uow.sessions.add(a_session(created_at=datetime(2026, 1, 1)))


def test_a_revoked_session_stays_revoked(store: Store) -> None:
    with store.unit_of_work() as uow:
        uow.sessions.add(a_session())
        assert uow.sessions.revoke("s1", NOON)
        assert not uow.sessions.revoke("s1", NOON + timedelta(hours=1))
        uow.commit()

    with store.reading() as view:
        assert view.sessions.find("s1").revoked_at == NOON


def test_a_proof_starts_one_session_only(store: Store) -> None:
    with pytest.raises(IntegrityError), store.unit_of_work() as uow:
        uow.sessions.add(a_session("s1", proof="p"))
        assert uow.sessions.has_proof("p")
        uow.sessions.add(a_session("s2", proof="p"))


def test_a_ticket_is_taken_once_and_never_late(store: Store) -> None:
    with store.unit_of_work() as uow:
        uow.sessions.add_ticket(a_ticket())
        uow.sessions.add_ticket(a_ticket(ticket_hash="late"))
        assert uow.sessions.use_ticket("t1", NOON) == a_ticket()
        assert uow.sessions.use_ticket("t1", NOON) is None
        assert uow.sessions.use_ticket("late", NOON + timedelta(seconds=30)) is None


def test_of_many_who_show_one_ticket_at_once_one_gets_in(store: Store) -> None:
    with store.unit_of_work() as uow:
        uow.sessions.add_ticket(a_ticket())
        uow.commit()
    together = threading.Barrier(6)

    def show(_: int) -> bool:
        together.wait()
        with store.unit_of_work() as uow:
            taken = uow.sessions.use_ticket("t1", NOON)
            uow.commit()
        return taken is not None

    with ThreadPoolExecutor(6) as people:
        assert sum(people.map(show, range(6))) == 1


def test_switching_somebody_off_ends_sessions_and_tears_up_tickets(store: Store) -> None:
    with store.unit_of_work() as uow:
        uow.sessions.add(a_session("s1"))
        uow.sessions.add(a_session("s2"))
        uow.sessions.add(a_session("other", user_key="local:bob"))
        uow.sessions.add_ticket(a_ticket())
        assert uow.sessions.revoke_all("local:ann", NOON) == 2
        assert uow.sessions.use_ticket("t1", NOON) is None
        assert uow.sessions.find("other").revoked_at is None


def test_wrong_passwords_are_counted_since_the_last_right_one(store: Store) -> None:
    with store.unit_of_work() as uow:
        for minute in range(4):
            tried = uow.attempts.add("ann", "here", NOON + timedelta(minutes=minute))
        uow.attempts.mark_succeeded(tried)
        uow.attempts.add("ann", "here", NOON + timedelta(minutes=5))
        before = NOON - timedelta(minutes=15)
        assert uow.attempts.failures_of_account("ann", before) == 1
        assert uow.attempts.failures_of_address("here", before) == 4
        assert uow.attempts.failures_of_account("bob", before) == 0


def test_a_grant_runs_out(store: Store) -> None:
    until = NOON + timedelta(days=1)
    grant = Grant(user_key="local:ann", permission="refund", until=until, granted_by="local:bob")
    with store.unit_of_work() as uow:
        uow.grants.save(grant)
        assert uow.grants.of_user("local:ann", NOON) == {"refund"}
        assert uow.grants.of_user("local:ann", until) == frozenset()
        assert uow.grants.remove("local:ann", "refund")
        assert not uow.grants.remove("local:ann", "refund")


def test_a_list_state_is_replaced_whole_and_is_nobody_elses(store: Store) -> None:
    with store.unit_of_work() as uow:
        uow.lists.save_state("local:ann", "clients", {"sort": ["a"], "é": 1})
        uow.lists.save_state("local:ann", "clients", {"pin": None})
        assert uow.lists.state("local:ann", "clients") == {"pin": None}
        assert uow.lists.state("local:bob", "clients") is None


def test_a_person_sees_own_views_and_shared_ones(store: Store) -> None:
    def view(name: str, owner: str, *, is_shared: bool) -> ListView:
        return ListView(
            view_id=name,
            list_name="clients",
            name=name,
            owner=owner,
            is_shared=is_shared,
            state={"n": name},
        )

    with store.unit_of_work() as uow:
        uow.lists.save_view(view("mine", "local:ann", is_shared=False))
        uow.lists.save_view(view("hers", "local:bob", is_shared=False))
        uow.lists.save_view(view("ours", "local:bob", is_shared=True))
        seen = [view.name for view in uow.lists.views("local:ann", "clients")]
        assert seen == ["mine", "ours"]
        assert uow.lists.view("hers") == view("hers", "local:bob", is_shared=False)
        assert uow.lists.delete_view("mine")
        assert uow.lists.view("mine") is None


def test_clients_once_shown_are_remembered_once_each(store: Store) -> None:
    many = [str(number) for number in range(25_000)]
    with store.unit_of_work() as uow:
        uow.shown_clients.add(many)
        uow.shown_clients.add(["7", "new"])
        uow.shown_clients.add([])
        uow.commit()

    with store.reading() as view:
        assert view.shown_clients.all() == {*many, "new"}


def test_writers_queue_and_nothing_is_lost(store: Store) -> None:
    def write(number: int) -> None:
        for _ in range(5):
            with store.unit_of_work() as uow:
                uow.audit.append(at=NOON, actor=str(number), action="count", subject="n")
                kept = uow.lists.state("all", "count")
                uow.lists.save_state("all", "count", {"n": kept["n"] + 1})
                uow.commit()

    with store.unit_of_work() as uow:  # on PostgreSQL the audit log is what orders its writers
        uow.lists.save_state("all", "count", {"n": 0})
        uow.commit()
    with ThreadPoolExecutor(4) as writers:
        list(writers.map(write, range(4)))

    with store.reading() as view:
        assert view.lists.state("all", "count") == {"n": 20}
        assert view.audit.count() == 20
        assert view.audit.verify().broken_at is None


def test_a_store_opens_again_with_what_it_held(store: Store, store_url: str) -> None:
    with store.unit_of_work() as uow:
        uow.users.save(ann())
        uow.commit()

    again = open_store(store_url, secret_key=SECRET)

    with again.reading() as view:
        assert view.users.find("local:ann") == ann()
    again.close()


def test_the_sqlite_file_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "store.sqlite"

    open_store(f"sqlite:///{path}", secret_key=SECRET).close()

    assert path.stat().st_mode & 0o077 == 0


def test_a_commit_reaches_the_disk_before_it_is_reported(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 's.sqlite'}", secret_key=SECRET)

    with store.reading() as view:
        connection = view._connection
        assert connection.exec_driver_sql("pragma journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("pragma synchronous").scalar() == 2
    store.close()


@pytest.mark.parametrize("url", ["mysql://localhost/x", "sqlite://", "sqlite:///:memory:"])
def test_a_database_the_store_does_not_know_is_refused(url: str) -> None:
    with pytest.raises(SettingsInvalid):
        open_store(url, secret_key=SECRET)


@pytest.mark.catalogue(41)
def test_a_change_that_waited_too_long_for_anothers_is_told_as_busy(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    copy_of_tables(path)
    store = open_store(f"sqlite:///{path}?timeout=0", secret_key=SECRET)
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("begin immediate")

    with pytest.raises(StoreBusy, match="Try again"), store.unit_of_work() as uow:
        uow.commit()

    holder.close()
    store.close()


@pytest.mark.parametrize(
    ("state", "is_busy"), [("40P01", True), ("40001", True), ("55P03", True), ("57P01", False)]
)
def test_a_deadlock_is_told_as_busy_and_a_lost_server_is_not(state: str, is_busy: bool) -> None:
    class Told(Exception):
        sqlstate = state

    with pytest.raises(StoreBusy if is_busy else OperationalError), told_busy():
        raise OperationalError("update", {}, Told())
