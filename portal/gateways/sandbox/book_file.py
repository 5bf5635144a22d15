"""The sandbox's file: one SQLite database, every change one durable transaction, many processes.

A process that is killed leaves either the whole change or nothing of it.
"""

import contextlib
import os
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

from portal.gateways.sandbox.book import Book
from portal.gateways.sandbox.faults import BUSY, NO_ANSWER
from portal.services.gateway import GatewayBusy, GatewayUnsure

SCHEMA = Path(__file__).with_name("schema.sql")
MOST_IDLE = 8
_LOCKED = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_DISK = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR)


class BookFile:
    """The file itself. A transaction borrows a connection and gives it back.

    Threads come and go (a page's script runs in a new one each time), so none owns a connection.
    """

    def __init__(self, path: Path, *, busy_seconds: float = 10) -> None:
        self.path = path
        self._busy_seconds = busy_seconds
        self._idle: list[sqlite3.Connection] = []
        self._pid = os.getpid()
        self._turn = threading.Lock()
        self._of_parents: list[sqlite3.Connection] = []

    @contextlib.contextmanager
    def writing(self) -> Iterator[Book]:
        """One transaction, kept when the block ends well, durable when this returns.

        Raises: GatewayBusy when other processes do not let go of the file; GatewayUnsure when it
        cannot be written, as on a full disk.
        """
        # Threads queue here: SQLite lets those that meet sleep, longer each time.
        with self._my_turn(), self._transaction("begin immediate") as book:
            yield book

    @contextlib.contextmanager
    def reading(self) -> Iterator[Book]:
        """One state of the file, as of now."""
        with self._transaction("begin") as book:
            yield book

    def close(self) -> None:
        """Close what this process opened."""
        while self._idle:
            self._idle.pop().close()

    def _my_turn(self) -> threading.Lock:
        self._notice_fork()
        return self._turn

    @contextlib.contextmanager
    def _transaction(self, begin: str) -> Iterator[Book]:
        connection = self._borrow()
        try:
            _begin(connection, begin)
            yield Book(connection)
            connection.execute("commit")
        except sqlite3.OperationalError as problem:
            if not _is_of_the_disk(problem):
                raise
            raise GatewayUnsure(NO_ANSWER) from problem
        finally:
            if connection.in_transaction:
                connection.execute("rollback")
            self._give_back(connection)

    def _notice_fork(self) -> None:
        if self._pid != os.getpid():
            # A connection must not cross a fork, not even to be closed: its locks are the parent's.
            self._of_parents, self._idle, self._pid = self._idle, [], os.getpid()
            self._turn = threading.Lock()

    def _borrow(self) -> sqlite3.Connection:
        self._notice_fork()
        try:
            return self._idle.pop()
        except IndexError:
            return self._open()

    def _give_back(self, connection: sqlite3.Connection) -> None:
        if len(self._idle) < MOST_IDLE:
            self._idle.append(connection)
        else:
            connection.close()

    def _open(self) -> sqlite3.Connection:
        is_new = not self.path.exists()
        self.path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(
            self.path, isolation_level=None, timeout=self._busy_seconds, check_same_thread=False
        )
        connection.execute("pragma journal_mode = wal")
        connection.execute("pragma synchronous = full")
        connection.execute("pragma foreign_keys = on")
        if connection.execute("pragma user_version").fetchone() == (0,):
            # In one transaction: a process killed here leaves no half-made file.
            schema = SCHEMA.read_text(encoding="utf-8")
            connection.executescript(f"begin immediate; {schema}; pragma user_version = 1; commit")
        if is_new:
            self.path.chmod(0o600)
        return connection


def _begin(connection: sqlite3.Connection, begin: str) -> None:
    try:
        connection.execute(begin)
    except sqlite3.OperationalError as problem:
        if problem.sqlite_errorcode not in _LOCKED:
            raise
        raise GatewayBusy(BUSY) from problem


def _is_of_the_disk(problem: sqlite3.OperationalError) -> bool:
    return problem.sqlite_errorcode & 0xFF in _DISK
