"""Practice management systems on a database server: PostgreSQL, MySQL, and anything with ODBC."""

import duckdb

from portal.domain.errors import SourceUnavailable
from portal.pms.scanned import ScannedSource
from portal.pms.source import ATTACHED, literal, plainly

_COLUMNS = (
    "select table_name as table_name, column_name as column_name, "
    "ordinal_position as position, data_type as data_type from information_schema.columns "
)


class ServerSource(ScannedSource):
    """What the servers have in common: their catalogue, and no file to look at.

    A server has nothing to notice a change by from outside, so each refresh asks it; what it
    asks is small (the change counter, rows past a watermark).
    """

    tracks_by_probe = False
    kind = "server"
    _here = "where table_schema = current_schema()"

    def __init__(self, dsn: str) -> None:
        super().__init__()
        self._dsn = dsn
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

    def tables(self, con: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
        """Tables and columns from the server's catalogue."""
        found: dict[str, list[str]] = {}
        try:
            rows = con.execute(
                "select table_name, column_name, data_type "
                f"from {self.pushed(_COLUMNS + self._here)} order by table_name, position::integer"
            ).fetchall()
        except duckdb.Error as problem:
            raise SourceUnavailable(f"The practice management system: {plainly(problem)}") from None
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

    def _answers(self) -> bool:
        try:
            self._scanner.execute(f"select * from {self._query('select 1 as one')}").fetchall()
        except duckdb.Error:
            return False
        return True

    def _connected(self) -> duckdb.DuckDBPyConnection:
        scanner = self._new_scanner()
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
        return ScannedSource.whole(self, table, columns)

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
