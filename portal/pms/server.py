"""Practice management systems on a database server: PostgreSQL, MySQL, and anything with ODBC."""

import duckdb

from portal.domain.errors import SourceUnavailable
from portal.pms.source import ATTACHED, literal, quoted

_COLUMNS = (
    "select table_name as table_name, column_name as column_name, "
    "ordinal_position as position from information_schema.columns "
)


class ServerSource:
    """What the servers have in common: their catalogue, and no file to look at.

    A server has nothing to notice a change by from outside, so each refresh asks it; what it
    asks is small (the change counter, rows past a watermark).
    """

    tracks_by_probe = False
    kind = "server"
    _here = "where table_schema = current_schema()"

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._is_attached = False

    def probe(self) -> str | None:
        """Unknown: always ask."""
        return None

    def attach(self, con: duckdb.DuckDBPyConnection) -> None:
        """Connect, or see that the connection still answers; connect anew if it does not."""
        if self._is_attached:
            try:
                con.execute(f"select * from {self.pushed('select 1 as one')}").fetchall()
            except duckdb.Error:
                self._is_attached = False
        if self._is_attached:
            return
        try:
            self._connect(con)
        except duckdb.Error:
            # The driver's own words may hold the address and the account.
            raise SourceUnavailable(
                "The practice management system's database does not answer or refuses the sign-in."
            ) from None
        self._is_attached = True

    def tables(self, con: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
        """Tables and columns from the server's catalogue."""
        found: dict[str, list[str]] = {}
        try:
            rows = con.execute(
                f"select table_name, column_name from {self.pushed(_COLUMNS + self._here)} "
                "order by table_name, position::integer"
            ).fetchall()
        except duckdb.Error as problem:
            raise SourceUnavailable(
                f"The practice management system: {str(problem).splitlines()[0]}"
            ) from None
        for table, column in rows:
            found.setdefault(table, []).append(column)
        return found

    def whole(self, table: str, columns: list[str]) -> str:
        """Every row of a table."""
        listed = ", ".join(self.identifier(column) for column in columns)
        return self.pushed(f"select {listed} from {self.identifier(table)}")

    def pushed(self, sql: str) -> str:
        """Run `sql` on the server."""
        return f"{self.kind}_query({literal(ATTACHED)}, {literal(sql)})"

    def identifier(self, name: str) -> str:
        """Double quotes, as the SQL standard has them."""
        return quoted(name)

    def _connect(self, con: duckdb.DuckDBPyConnection) -> None:
        con.execute(f"detach database if exists {ATTACHED}")
        con.execute(f"attach {literal(self._dsn)} as {ATTACHED} (type {self.kind}, read_only)")


class PostgresSource(ServerSource):
    """PostgreSQL, by libpq's own connection string."""

    kind = "postgres"

    def whole(self, table: str, columns: list[str]) -> str:
        """Every row of a table, read in parallel by the scanner."""
        listed = ", ".join(quoted(column) for column in columns)
        return f"(select {listed} from {ATTACHED}.{quoted(table)})"


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

    def pushed(self, sql: str) -> str:
        """Run `sql` on the server."""
        return f"odbc_query({self._handle}::bigint, {literal(sql)})"

    def _connect(self, con: duckdb.DuckDBPyConnection) -> None:
        self._handle = con.execute("select odbc_connect($dsn)", {"dsn": self._dsn}).fetchone()[0]
