"""Sources that are databases: read by a scanner in a small DuckDB of its own.

The warehouse's DuckDB is shut off from everything outside. A scanner is not: loaded there, it would
open any server, and any SQLite file for writing too, whatever DuckDB itself is allowed. So it runs
apart, and what it reads is handed over as Arrow, batch by batch.
"""

import contextlib
from itertools import count

import duckdb

from portal.domain.errors import SourceUnavailable
from portal.pms.extensions import load_extensions
from portal.pms.source import ATTACHED, literal, quoted

THREADS = 2


class ScannedSource:
    """What sources behind a scanner have in common. One refresh reads in one transaction."""

    kind = ""
    _numbers = count()

    def __init__(self) -> None:
        self._scanner: duckdb.DuckDBPyConnection | None = None
        self._warehouse: duckdb.DuckDBPyConnection | None = None

    def release(self) -> None:
        """End the transaction in the source; the connection stays."""
        if self._scanner is not None:
            with contextlib.suppress(duckdb.Error):
                self._scanner.execute("rollback")

    def whole(self, table: str, columns: list[str]) -> str:
        """Every row of a table, read in parallel where the scanner can."""
        listed = ", ".join(quoted(column) for column in columns)
        return self._handed_over(f"select {listed} from {ATTACHED}.{quoted(table)}")

    def pushed(self, sql: str) -> str:
        """Run `sql` inside the source, where its indexes are; what comes back can be read once."""
        return self._handed_over(f"select * from {self._query(sql)}")

    def identifier(self, name: str) -> str:
        """Double quotes, as the SQL standard has them."""
        return quoted(name)

    def _query(self, sql: str) -> str:
        return f"{self.kind}_query({literal(ATTACHED)}, {literal(sql)})"

    def _handed_over(self, sql: str) -> str:
        """Start reading in the scanner. Returns: the name under which the warehouse reads it.

        Raises: duckdb.Error, which the caller knows the table of.
        """
        if self._scanner is None or self._warehouse is None:
            raise SourceUnavailable("The practice management system's database is not connected.")
        name = f"pms_read_{next(self._numbers)}"
        self._warehouse.register(name, self._scanner.execute(sql).to_arrow_reader())
        return name

    def _new_scanner(self) -> duckdb.DuckDBPyConnection:
        scanner = duckdb.connect(config={"threads": THREADS})
        load_extensions(scanner, f"{self.kind}_scanner")
        scanner.execute("set timezone = 'UTC'")
        return scanner
