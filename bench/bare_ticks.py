"""The least a tick can cost: the changed rows put into a bare copy, and nothing made of them."""

import contextlib

import duckdb

from bench.figures import Samples, timed
from bench.firm import Bookkeeper, Firm
from portal.pms.extensions import load_extensions
from portal.pms.source import literal
from portal.warehouse.connection import THREADS
from portal.warehouse.mapping import load_mapping


class BareMirror:
    """The bare copy of the same columns, kept up by hand-written statements."""

    def __init__(self, firm: Firm) -> None:
        self._firm = firm
        self._mapping = load_mapping(firm.settings().source.mapping)

    def ticks(self, times: int, changes: int) -> Samples:
        """Post changes and bring the copy up to them, again and again."""
        found = []
        with contextlib.closing(self._open()) as con:
            bookkeeper = Bookkeeper(self._firm)
            try:
                seen = self._newest(con)
                for _ in range(times + 1):
                    bookkeeper.post(changes)
                    ms, seen = timed(lambda since=seen: self._apply(con, since))
                    found.append(ms)
            finally:
                bookkeeper.leave()
        return Samples(tuple(found[1:]))

    def _open(self) -> duckdb.DuckDBPyConnection:
        path = self._firm.home / "bare_same.duckdb"
        con = duckdb.connect(str(path), config={"threads": THREADS})
        load_extensions(con, "sqlite_scanner")
        con.execute(
            f"attach {literal(str(self._firm.database))} as source (type sqlite, read_only)"
        )
        return con

    def _newest(self, con: duckdb.DuckDBPyConnection) -> int:
        return self._pushed(con, "select max(change_version) from Change_Tracking")[0][0]

    def _apply(self, con: duckdb.DuckDBPyConnection, since: int) -> int:
        changed = self._pushed(
            con,
            "select table_name, row_key, change_version from Change_Tracking "
            f"where change_version > {int(since)}",
        )
        con.execute("begin transaction")
        for table in self._mapping.tables.values():
            keys = ",".join({str(int(row[1])) for row in changed if row[0] == table.name})
            if keys:
                listed = ", ".join(table.columns or ("*",))
                con.execute(f"delete from {table.name} where {table.key} in ({keys})")
                fetched = f"select {listed} from {table.name} where {table.key} in ({keys})"
                con.execute(
                    f"insert into {table.name} from sqlite_query('source', {literal(fetched)})"
                )
        con.execute("commit")
        return max((int(row[2]) for row in changed), default=since)

    @staticmethod
    def _pushed(con: duckdb.DuckDBPyConnection, sql: str) -> list[tuple]:
        return con.execute(f"from sqlite_query('source', {literal(sql)})").fetchall()
