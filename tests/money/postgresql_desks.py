"""Desks whose stores are databases of a PostgreSQL cluster: one for each folder of a run."""

from pathlib import Path

from portal.store import Store
from portal.store.engine import open_engine
from tests.adapters.store_backends import drop_database, new_database
from tests.services.money_desk import MoneyDesk, a_desk


class PostgresqlDesks:
    """Makes desks; a folder seen for the first time gets a new database with its tables."""

    def __init__(self, cluster: str) -> None:
        self._cluster = cluster
        self._names: dict[Path, str] = {}

    def __call__(self, where: Path) -> MoneyDesk:
        """The desk of a folder."""
        if where not in self._names:
            self._names[where] = where.name.lower().replace("-", "_")
            new_database(self._cluster, self._names[where], has_tables=True)
        url = self._cluster.format(name=self._names[where])
        return a_desk(Store(open_engine(url), b"money"), where)

    def forget(self, where: Path) -> None:
        """Drop the database of a run that is over."""
        drop_database(self._cluster, self._names.pop(where))
