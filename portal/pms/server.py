"""Practice management systems on a database server: PostgreSQL, MySQL, and anything with ODBC.

The warehouse's DuckDB is shut off from everything outside, servers too. So the scanner runs in a
small DuckDB of its own, and what it reads is handed over as Arrow, batch by batch.
"""

import contextlib
from itertools import count

import duckdb

from portal.domain.errors import SourceUnavailable
from portal.pms.extensions import load_extensions
from portal.pms.source import ATTACHED, literal, plainly, quoted

_COLUMNS = (
    "select table_name as table_name, column_name as column_name, "
    "ordinal_position as position, data_type as data_type from information_schema.columns "
)


class ServerSource:
    """What the servers have in common: their catalogue, and no file to look at.

    A server has nothing to notice a change by from outside, so each refresh asks it; what it
    asks is small (the change counter, rows past a watermark). All that one refresh reads is read
    in one transaction of the server.
    """

    tracks_by_probe = False
    kind = "server"
    _here = "where table_schema = current_schema()"
    _numbers = count()

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._scanner: duckdb.DuckDBPyConnection | None = None
        self._warehouse: duckdb.DuckDBPyConnection | None = None
        self._layout: list[tuple] = []

    def probe(self) -> str | None:
        """Unknown: always ask."""
        return None

    def attach(self, con: duckdb.DuckDBPyConnection) -> None:
        """Connect, or see that the connection still answers; connect anew if it does not."""
        self._warehouse = con
        self.release()
        try:
            if self._scanner is None or not self._answers():
                self._scanner = None
                self._scanner = self._connected()
            self._scanner.execute("begin transaction read only")
        except duckdb.Error:
            # The driver's own words may hold the address and the account.
            raise SourceUnavailable(
                "The practice management system's database does not answer or refuses the sign-in."
            ) from None

    def release(self) -> None:
        """End the server's transaction; the connection stays."""
        if self._scanner is not None:
            with contextlib.suppress(duckdb.Error):
                self._scanner.execute("rollback")

    def tables(self, con: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
        """Tables and columns from the server's catalogue."""
        found: dict[str, list[str]] = {}
        rows = con.execute(
            "select table_name, column_name, data_type "
            f"from {self.pushed(_COLUMNS + self._here)} order by table_name, position::integer"
        ).fetchall()
        if rows != self._layout:
            self._forget_layout()
            self._layout = rows
        for table, column, _ in rows:
            found.setdefault(table, []).append(column)
        return found

    def whole(self, table: str, columns: list[str]) -> str:
        """Every row of a table."""
        listed = ", ".join(self.identifier(column) for column in columns)
        return self.pushed(f"select {listed} from {self.identifier(table)}")

    def pushed(self, sql: str) -> str:
        """Run `sql` on the server; what comes back can be read once."""
        return self._handed_over(f"select * from {self._query(sql)}")

    def identifier(self, name: str) -> str:
        """Double quotes, as the SQL standard has them."""
        return quoted(name)

    def _query(self, sql: str) -> str:
        return f"{self.kind}_query({literal(ATTACHED)}, {literal(sql)})"

    def _handed_over(self, sql: str) -> str:
        """Start reading in the scanner. Returns: the name under which the warehouse reads it."""
        if self._scanner is None or self._warehouse is None:
            raise SourceUnavailable("The practice management system's database is not connected.")
        name = f"pms_read_{next(self._numbers)}"
        try:
            self._warehouse.register(name, self._scanner.execute(sql).to_arrow_reader())
        except duckdb.Error as problem:
            raise SourceUnavailable(f"The practice management system: {plainly(problem)}") from None
        return name

    def _answers(self) -> bool:
        try:
            self._scanner.execute(f"select * from {self._query('select 1 as one')}").fetchall()
        except duckdb.Error:
            return False
        return True

    def _connected(self) -> duckdb.DuckDBPyConnection:
        scanner = duckdb.connect(config={"threads": 2})
        load_extensions(scanner, f"{self.kind}_scanner")
        scanner.execute("set timezone = 'UTC'")
        self._connect(scanner)
        self._layout = []
        return scanner

    def _connect(self, scanner: duckdb.DuckDBPyConnection) -> None:
        scanner.execute(f"attach {literal(self._dsn)} as {ATTACHED} (type {self.kind}, read_only)")

    def _forget_layout(self) -> None:
        """Tell the scanner that tables changed; what is only pushed down needs nothing."""


class PostgresSource(ServerSource):
    """PostgreSQL, by libpq's own connection string."""

    kind = "postgres"

    def whole(self, table: str, columns: list[str]) -> str:
        """Every row of a table, read in parallel by the scanner."""
        listed = ", ".join(quoted(column) for column in columns)
        return self._handed_over(f"select {listed} from {ATTACHED}.{quoted(table)}")

    def _forget_layout(self) -> None:
        self._scanner.execute("call pg_clear_cache()")


class MySqlSource(ServerSource):
    """MySQL and MariaDB."""

    kind = "mysql"
    _here = "where table_schema = database()"

    def identifier(self, name: str) -> str:
        """MySQL's backticks."""
        return "`" + name.replace("`", "``") + "`"


class OdbcSource(ServerSource):
    """SQL Server and whatever else has an ODBC driver."""

    kind = "odbc"
    _here = "where table_schema not in ('information_schema', 'INFORMATION_SCHEMA', 'pg_catalog')"

    def __init__(self, dsn: str) -> None:
        super().__init__(dsn)
        self._handle = 0

    def _query(self, sql: str) -> str:
        return f"odbc_query({self._handle}::bigint, {literal(sql)})"

    def _connect(self, scanner: duckdb.DuckDBPyConnection) -> None:
        asked = scanner.execute("select odbc_connect($dsn)", {"dsn": self._dsn})
        self._handle = asked.fetchone()[0]
