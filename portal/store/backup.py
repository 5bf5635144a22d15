"""The store in one file, and back: whichever database it lives in, the file is SQLite.

A backup is one moment of the store. Restoring asks for an empty store, proves the audit log
afterwards, and skips numbers, so that no payment ID is ever given a second time.
"""

import contextlib
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Table, func, insert, select, text, update

from portal.domain.errors import PortalError
from portal.store.audit import AuditReport
from portal.store.money_tables import money_numbers
from portal.store.tables import metadata
from portal.store.unit_of_work import Store, open_store

NUMBERS_SKIPPED = 1_000
"""Payment IDs given after the backup may be in files that the bookkeeper has: none comes again."""
_BATCH = 1_000
_NOT_KEPT = frozenset({"store_changes"})
"""What only says which copies for lists are to be renewed."""


class BackupUnusable(PortalError):
    """The file is no backup, is damaged, or was sealed with another secret key."""


class StoreNotEmpty(PortalError):
    """There is something in the store that restoring would overwrite."""


@dataclass(frozen=True, kw_only=True)
class Backup:
    """What was written or read back."""

    path: Path
    rows: int
    audit: AuditReport


def back_up(url: str, path: Path, *, secret_key: str) -> Backup:
    """Write the store into a file that only its owner may read.

    Raises: BackupUnusable when the file is there already, or the copy does not prove right.
    """
    if path.exists():
        raise BackupUnusable(f"{path} is there already; a backup never overwrites another.")
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    try:
        with _opened(url, secret_key) as source, _opened(f"sqlite:///{part}", secret_key) as target:
            rows = _copy(source, target)
            report = _proved(target, part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return Backup(path=path, rows=rows, audit=report)


def restore(path: Path, url: str, *, secret_key: str) -> Backup:
    """Fill an empty store from a backup; the backup stays as it is.

    Raises: BackupUnusable, StoreNotEmpty; nothing is changed then.
    """
    if not path.is_file() or path.open("rb").read(15) != b"SQLite format 3":
        raise BackupUnusable(f"{path} is no backup of a store.")
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "backup.sqlite"
        shutil.copyfile(path, copy)
        _check_whole(copy, path)
        with _opened(f"sqlite:///{copy}", secret_key) as source, _opened(url, secret_key) as target:
            report = _proved(source, path)
            with target.reading() as view:
                if any(_count(view._connection, table) for table in _tables()):
                    raise StoreNotEmpty(
                        "The store holds something already: nothing was restored. Move it away "
                        "first, or name an empty database in [store] url."
                    )
            rows = _copy(source, target, skips_numbers=True)
    return Backup(path=path, rows=rows, audit=report)


def _check_whole(copy: Path, path: Path) -> None:
    try:
        with contextlib.closing(sqlite3.connect(copy)) as connection:
            is_whole = connection.execute("pragma quick_check").fetchone()[0] == "ok"
    except sqlite3.DatabaseError:
        is_whole = False
    if not is_whole:
        raise BackupUnusable(f"{path} is damaged. Use an earlier backup.")


@contextlib.contextmanager
def _opened(url: str, secret_key: str) -> Iterator[Store]:
    store = open_store(url, secret_key=secret_key)
    try:
        yield store
    finally:
        store.close()


def _copy(source: Store, target: Store, *, skips_numbers: bool = False) -> int:
    copied = 0
    with source.reading() as view, target.unit_of_work() as uow:
        if view._connection.dialect.name == "postgresql":
            view._connection.execute(text("set transaction isolation level repeatable read"))
        for table in _tables():
            for rows in _batches(view._connection, table):
                uow._connection.execute(insert(table), rows)
                copied += len(rows)
            _go_on_counting(uow._connection, table)
        if skips_numbers:
            uow._connection.execute(
                update(money_numbers).values(
                    last_number=money_numbers.c.last_number + NUMBERS_SKIPPED
                )
            )
        uow.commit()
    return copied


def _tables() -> list[Table]:
    return [table for table in metadata.sorted_tables if table.name not in _NOT_KEPT]


def _batches(connection: Connection, table: Table) -> Iterator[list[dict]]:
    found = connection.execute(select(table).order_by(*table.primary_key.columns))
    while rows := found.fetchmany(_BATCH):
        yield [dict(row._mapping) for row in rows]


def _go_on_counting(connection: Connection, table: Table) -> None:
    """PostgreSQL numbers rows from a counter of its own, which copied rows do not move."""
    if connection.dialect.name != "postgresql":
        return
    for column in table.primary_key.columns:
        name = {"table": table.name, "column": column.name}
        counter = connection.execute(
            text("select pg_get_serial_sequence(:table, :column)"), name
        ).scalar_one_or_none()
        highest = connection.execute(select(func.max(column))).scalar_one() if counter else None
        if highest:
            connection.execute(
                text("select setval(:counter, :highest)"),
                {"counter": counter, "highest": highest},
            )


def _proved(store: Store, path: Path) -> AuditReport:
    with store.reading() as view:
        report = view.audit.verify()
    if report.broken_at is not None:
        raise BackupUnusable(
            f"{path}: the audit log does not prove right ({report.reason}). The file was changed, "
            "or the portal's secret key is another one."
        )
    return report


def _count(connection: Connection, table: Table) -> int:
    return connection.execute(select(func.count()).select_from(table)).scalar_one()
