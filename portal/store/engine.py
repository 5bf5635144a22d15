"""How the store's database is opened: SQLite in a file of its own, or PostgreSQL by URL."""

import contextlib
import functools
import os
import threading
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError

from portal.domain.errors import PortalError, SettingsInvalid

WRITER_SECONDS = 30
"""How long a writer waits for the one before it, in this process and in others."""

_BUSY = "The portal is busy saving something else. Try again in a moment."
_writers: dict[str, threading.Lock] = {}
_writers_guard = threading.Lock()


_GIVEN_UP = frozenset({"40P01", "40001", "55P03"})
"""PostgreSQL: a deadlock, a serialization failure, a lock that was waited for too long."""


class StoreBusy(PortalError):
    """Another change has kept the store busy for too long. Nothing was written."""


@contextlib.contextmanager
def told_busy() -> Iterator[None]:
    """A database that gave up waiting for others' changes is busy, not broken.

    Raises: StoreBusy.
    """
    try:
        yield
    except OperationalError as problem:
        code = getattr(problem.orig, "sqlite_errorname", "") or ""
        state = getattr(problem.orig, "sqlstate", None)
        if code.startswith("SQLITE_BUSY") or state in _GIVEN_UP:
            raise StoreBusy(_BUSY) from problem
        raise


def open_engine(url: str) -> Engine:
    """Make the connection pool of a store.

    Raises: SettingsInvalid for another database than SQLite and PostgreSQL.
    """
    parsed = make_url(url)
    match parsed.get_backend_name():
        case "sqlite":
            return _sqlite(url, parsed.database)
        case "postgresql":
            with_driver = parsed.set(drivername="postgresql+psycopg")
            return create_engine(with_driver, pool_size=10, pool_pre_ping=True)
    raise SettingsInvalid("[store] url must begin with sqlite:/// or postgresql://.")


def _sqlite(url: str, database: str | None) -> Engine:
    if not database or database == ":memory:":
        raise SettingsInvalid("[store] url needs a file: sqlite:////path/to/store.sqlite.")
    path = Path(database)
    path.parent.mkdir(parents=True, exist_ok=True)
    # Made before SQLite makes it, so that nobody else can read it at any moment.
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o600))
    engine = create_engine(url, connect_args={"timeout": WRITER_SECONDS})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: object, _record: object) -> None:
    connection.isolation_level = None  # type: ignore[attr-defined]  # BEGIN is written by us
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes the write lock at once: two of them queue instead of failing half-way.
    is_writer = connection.get_execution_options().get("is_writer", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writer else "BEGIN")


@functools.cache
def _turn_of(database: str) -> threading.Lock:
    """The turn of a file, however its path is written; kept, because each write asks for it."""
    with _writers_guard:
        return _writers.setdefault(str(Path(database).resolve()), threading.Lock())


@contextlib.contextmanager
def writer_turn(engine: Engine) -> Iterator[None]:
    """Let one writer of this process at a time through; PostgreSQL orders its writers itself.

    Raises: StoreBusy.
    """
    if engine.dialect.name != "sqlite":
        yield
        return
    turn = _turn_of(engine.url.database or "")
    if not turn.acquire(timeout=WRITER_SECONDS):
        raise StoreBusy(_BUSY)
    try:
        yield
    finally:
        turn.release()


def take_turn(connection: Connection, subject: int) -> None:
    """On PostgreSQL, wait for other transactions about the same subject until this one ends.

    SQLite has one writer at a time anyway.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("select pg_advisory_xact_lock(:subject)"), {"subject": subject})


def insert_into(connection: Connection, table: object) -> sqlite.Insert:
    """An insert that knows `on conflict`, in the dialect of this database."""
    return insert_for(connection.dialect.name, table)


def insert_for(dialect: str, table: object) -> sqlite.Insert:
    """The same by the name of the dialect, for statements that are made once."""
    if dialect == "postgresql":
        return postgresql.insert(table)  # type: ignore[arg-type,return-value]
    return sqlite.insert(table)  # type: ignore[arg-type]
