"""A desk in a moment: the tables are made once and copied, in memory where the machine has it."""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from portal.store import Store
from portal.store.engine import open_engine
from tests.adapters.store_backends import copy_of_tables
from tests.services.money_desk import MoneyDesk, a_desk

_first: dict[str, Engine] = {}

MEMORY = Path("/dev/shm")
OpenDesk = Callable[[Store, Path], Any]


def folder() -> Path:
    """A new folder for one run; whoever asks for it removes it."""
    return Path(tempfile.mkdtemp(prefix="money-", dir=MEMORY if MEMORY.is_dir() else None))


class Desks:
    """Makes desks, one for each folder, and copies what lies in one while nobody has it open."""

    def __init__(self, open_desk: OpenDesk = a_desk) -> None:
        self._open = open_desk

    def __call__(self, where: Path) -> Any:
        """The desk of a folder; a folder seen for the first time gets an empty store."""
        path = where / "store.sqlite"
        if not path.exists():
            copy_of_tables(path)
        return self.opened(f"sqlite:///{path}", where)

    def opened(self, url: str, where: Path) -> Any:
        """The desk of a folder, over the store at this address."""
        return self._open(Store(warm(open_engine(url)), b"money"), where)

    def copy(self, where: Path) -> Path:
        """Another folder in which everything is as in this one."""
        other = folder()
        shutil.copytree(where, other, dirs_exist_ok=True)
        return other

    def forget(self, where: Path) -> None:
        """Remove what a run has left."""
        shutil.rmtree(where, ignore_errors=True)


def warm(engine: Engine) -> Engine:
    """Let an engine know the statements that others of its kind, and a parent's, have made.

    To make them anew for each database takes most of a run.
    """
    known = _first.setdefault(engine.dialect.name, engine)
    engine.dialect, engine._compiled_cache = known.dialect, known._compiled_cache
    return engine


def fresh_desk(where: Path) -> MoneyDesk:
    """A desk over an empty store of its own."""
    return Desks()(where)
