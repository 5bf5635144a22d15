"""A desk in a moment: the tables are made once and copied, in memory where the machine has it."""

import tempfile
from pathlib import Path

from portal.store import Store
from portal.store.engine import open_engine
from tests.adapters.store_backends import copy_of_tables
from tests.services.money_desk import MoneyDesk, a_desk

MEMORY = Path("/dev/shm")


def folder() -> Path:
    """A new folder for one run; whoever asks for it removes it."""
    return Path(tempfile.mkdtemp(prefix="money-", dir=MEMORY if MEMORY.is_dir() else None))


def fresh_desk(where: Path) -> MoneyDesk:
    """A desk over an empty store of its own."""
    path = where / "store.sqlite"
    if not path.exists():
        copy_of_tables(path)
    return a_desk(Store(open_engine(f"sqlite:///{path}"), b"money"), where)
