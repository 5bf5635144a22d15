"""Desks whose stores are databases of a PostgreSQL cluster: one for each folder of a run."""

from pathlib import Path
from typing import Any

from tests.adapters.store_backends import copy_database, drop_database, new_database
from tests.money.fresh_desk import Desks, OpenDesk
from tests.services.money_desk import a_desk


class PostgresqlDesks(Desks):
    """Makes desks; a folder seen for the first time gets a new database with its tables."""

    def __init__(self, cluster: str, open_desk: OpenDesk = a_desk) -> None:
        super().__init__(open_desk)
        self._cluster = cluster
        self._names: dict[Path, str] = {}

    def __call__(self, where: Path) -> Any:
        """The desk of a folder."""
        if where not in self._names:
            self._names[where] = _name(where)
            new_database(self._cluster, self._names[where], has_tables=True)
        return self.opened(self._cluster.format(name=self._names[where]), where)

    def copy(self, where: Path) -> Path:
        """Another folder, and another database, in which everything is as in this one."""
        other = super().copy(where)
        self._names[other] = _name(other)
        copy_database(self._cluster, self._names[where], self._names[other])
        return other

    def forget(self, where: Path) -> None:
        """Drop the database of a run that is over."""
        super().forget(where)
        drop_database(self._cluster, self._names.pop(where))


def _name(where: Path) -> str:
    return where.name.lower().replace("-", "_")
