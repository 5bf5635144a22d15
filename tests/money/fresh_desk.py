"""A desk in a moment: the tables are made once and copied, in memory where the machine has it."""

import shutil
import tempfile
from functools import cache
from pathlib import Path

from portal.store import Store, open_store
from portal.store.engine import open_engine
from tests.services.money_desk import MoneyDesk, a_desk

MEMORY = Path("/dev/shm")
SECRET = "money"


def folder() -> Path:
    """A new folder for one run; whoever asks for it removes it."""
    return Path(tempfile.mkdtemp(prefix="money-", dir=MEMORY if MEMORY.is_dir() else None))


@cache
def _template() -> Path:
    made = Path(tempfile.mkdtemp(prefix="money-tables-")) / "store.sqlite"
    open_store(f"sqlite:///{made}", secret_key=SECRET).close()
    return made


def fresh_desk(where: Path) -> MoneyDesk:
    """A desk over an empty store of its own."""
    path = where / "store.sqlite"
    if not path.exists():
        shutil.copy(_template(), path)
    return a_desk(Store(open_engine(f"sqlite:///{path}"), b"money"), where)
