"""Desks over a database of a PostgreSQL cluster, whose rows are swapped between runs.

To make a database for each run takes longer than the run: what lies in a folder is kept as rows.
"""

from pathlib import Path
from typing import Any

import psycopg

from tests.adapters.store_backends import drop_database, new_database
from tests.money.fresh_desk import Desks, OpenDesk
from tests.services.money_desk import a_desk

Rows = dict[str, bytes]
"""What is in each table that has something in it, as PostgreSQL copies it out."""


class PostgresqlDesks(Desks):
    """Makes desks one after the other: the folder that was made or copied last has the database."""

    def __init__(self, cluster: str, open_desk: OpenDesk = a_desk) -> None:
        super().__init__(open_desk)
        self._cluster, self._name = cluster, f"desks_{id(self)}"
        new_database(cluster, self._name, has_tables=True)
        self._url = cluster.format(name=self._name)
        self._connection = psycopg.connect(self._url, autocommit=True)
        # Neither the references nor the audit log's guard look at what a test puts back.
        self._connection.execute("set session_replication_role = replica")
        found = self._connection.execute(
            "select tablename from pg_tables where schemaname = 'public' order by 1"
        )
        self._tables = [name for (name,) in found]
        self._kept: dict[Path | None, Rows] = {None: self._rows()}
        self._has_database: Path | None = None

    def __call__(self, where: Path) -> Any:
        """The desk of a folder; a folder seen for the first time gets empty tables."""
        if where != self._has_database:
            assert where not in self._kept, "another folder was opened since"
            self._put_back(self._kept[None])
            self._has_database = where
        return self.opened(self._url, where)

    def copy(self, where: Path) -> Path:
        """Another folder, and the database, in which everything is as it was in this one."""
        other = super().copy(where)
        if where == self._has_database:
            self._kept[where] = self._rows()
        else:
            self._put_back(self._kept[where])
        self._has_database = other
        return other

    def forget(self, where: Path) -> None:
        """Remove what a run has left."""
        super().forget(where)
        self._kept.pop(where, None)

    def close(self) -> None:
        """Drop the database."""
        self._connection.close()
        drop_database(self._cluster, self._name)

    def _rows(self) -> Rows:
        found = {}
        for table in self._tables:
            with self._connection.cursor().copy(f"copy {table} to stdout") as lines:
                found[table] = b"".join(bytes(line) for line in lines)
        return {table: lines for table, lines in found.items() if lines}

    def _put_back(self, rows: Rows) -> None:
        with self._connection.transaction():
            self._connection.execute("; ".join(f"delete from {name}" for name in self._tables))
            for table, lines in rows.items():
                with self._connection.cursor().copy(f"copy {table} from stdin") as table_now:
                    table_now.write(lines)
