"""A drill: the store is lost, comes back from its backup, and no cent and no number is doubled."""

from pathlib import Path

import pytest
from sqlalchemy import select

from portal.domain.payment_states import PaymentState
from portal.services.record_gateway_event import RecordGatewayEvent, record_gateway_event
from portal.store import Store, open_store
from portal.store.backup import BackupUnusable, StoreNotEmpty, back_up, restore
from portal.store.tables import metadata
from tests.adapters.store_backends import SECRET, cluster, store, store_url
from tests.money.invariants import settled_violations, violations
from tests.services.money_desk import MoneyDesk, a_desk, invoice

__all__ = ["cluster", "store", "store_url"]


def busy_desk(store: Store, folder: Path) -> MoneyDesk:
    desk = a_desk(store, folder)
    desk.owe(invoice("i1"), invoice("i2", 5_000))
    paid = desk.pay({"i1": 4_000, "i2": 500})
    desk.refund(paid.payment_id, cents=1_000)
    desk.pay({None: 700}, "ach")
    return desk


def contents(store: Store) -> dict[str, list]:
    with store.reading() as view:
        return {
            table.name: sorted(map(repr, view._connection.execute(select(table))))
            for table in metadata.sorted_tables
            if table.name not in ("money_numbers", "store_changes")
        }


def test_the_store_is_lost_and_comes_back_whole(store, store_url, tmp_path):
    desk = busy_desk(store, tmp_path)
    before = contents(store)
    kept = back_up(store_url, tmp_path / "kept.sqlite", secret_key=SECRET)
    assert kept.audit.broken_at is None
    assert kept.path.stat().st_mode & 0o077 == 0

    again = f"sqlite:///{tmp_path / 'again.sqlite'}"
    restored = restore(kept.path, again, secret_key=SECRET)

    assert restored.rows == kept.rows
    back = open_store(again, secret_key=SECRET)
    assert contents(back) == before
    desk.store = back
    assert violations(desk) == []
    back.close()


def test_what_was_charged_after_the_backup_is_noticed_and_no_number_comes_twice(
    store, store_url, tmp_path
):
    desk = busy_desk(store, tmp_path)
    kept = back_up(store_url, tmp_path / "kept.sqlite", secret_key=SECRET)
    lost = desk.pay({"i2": 1_000})
    for letter in desk.gateway.post.letters(most=100)[:-1]:
        desk.gateway.post.taken(letter)
    again = f"sqlite:///{tmp_path / 'again.sqlite'}"
    restore(kept.path, again, secret_key=SECRET)
    desk.store = open_store(again, secret_key=SECRET)

    after = desk.pay({"i1": 100}, request_id="after-the-restore")
    for letter in desk.gateway.post.letters(most=100):
        command = RecordGatewayEvent(headers=letter.headers, body=letter.body)
        record_gateway_event(command, **desk.tools)

    assert after.state is PaymentState.SUCCEEDED
    assert after.action_no > lost.action_no + 900
    assert desk.exceptions() == ["unknown_payment"]
    assert any("I6" in one for one in settled_violations(desk)), "the harness sees it as well"
    desk.store.close()


def test_a_backup_fills_a_store_of_the_other_kind(store, store_url, tmp_path):
    busy_desk(store, tmp_path)
    before = contents(store)
    kept = back_up(store_url, tmp_path / "kept.sqlite", secret_key=SECRET)
    with store.unit_of_work() as uow:
        if uow._connection.dialect.name == "postgresql":
            uow._connection.exec_driver_sql("drop schema public cascade")
            uow._connection.exec_driver_sql("create schema public")
            uow.commit()
            restore(kept.path, store_url, secret_key=SECRET)
    back = open_store(store_url, secret_key=SECRET)

    assert contents(back) == before
    with back.unit_of_work() as uow:
        uow.audit.append(at=a_desk(back, tmp_path).clock(), actor="a", action="b", subject="c")
        uow.commit()
    back.close()


def test_a_store_that_holds_something_is_never_overwritten(store, store_url, tmp_path):
    busy_desk(store, tmp_path)
    kept = back_up(store_url, tmp_path / "kept.sqlite", secret_key=SECRET)

    with pytest.raises(StoreNotEmpty):
        restore(kept.path, store_url, secret_key=SECRET)
    with pytest.raises(BackupUnusable, match="never overwrites"):
        back_up(store_url, kept.path, secret_key=SECRET)


@pytest.mark.parametrize("fault", ["another key", "changed", "no backup", "cut"])
def test_a_backup_that_does_not_prove_right_is_refused(store, store_url, tmp_path, fault):
    busy_desk(store, tmp_path)
    kept = back_up(store_url, tmp_path / "kept.sqlite", secret_key=SECRET)
    key = "another" if fault == "another key" else SECRET
    if fault == "changed":
        tampered = open_store(f"sqlite:///{kept.path}", secret_key=SECRET)
        with tampered.unit_of_work() as uow:
            uow._connection.exec_driver_sql("drop trigger audit_log_refuses_update")
            uow._connection.exec_driver_sql("update audit_log set actor = 'eve' where seq = 2")
            uow.commit()
        tampered.close()
    if fault == "no backup":
        kept.path.write_text("nothing")
    if fault == "cut":
        kept.path.write_bytes(kept.path.read_bytes()[:3_000])

    again = tmp_path / "again.sqlite"
    with pytest.raises(BackupUnusable):
        restore(kept.path, f"sqlite:///{again}", secret_key=key)
