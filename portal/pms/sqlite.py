"""A practice management system in an SQLite file.

The file is opened by DuckDB's scanner alone: a second SQLite library in the same process
would drop the first one's locks, and the refresh would stop without a word.
"""

import contextlib
from pathlib import Path

import duckdb

from portal.domain.errors import SourceUnavailable
from portal.pms.source import ATTACHED, literal, plainly, quoted


class SqliteSource:
    """Reads an SQLite file and its write-ahead log."""

    kind = "sqlite"
    tracks_by_probe = True

    def __init__(self, path: Path) -> None:
        self.path = path
        self._attached_file: tuple[int, int] | None = None

    def probe(self) -> str:
        """Inode, size and time of the file and its log; 13 microseconds."""
        try:
            parts = [self._stat(self.path)]
        except OSError:
            raise SourceUnavailable(
                f"The practice management system's file {self.path.name} cannot be found."
            ) from None
        with contextlib.suppress(OSError):
            parts.append(self._stat(self.path.with_name(self.path.name + "-wal")))
        return " ".join(parts)

    def attach(self, con: duckdb.DuckDBPyConnection) -> None:
        """Attach the file read-only; a file that was replaced is attached anew."""
        self.probe()
        stat = self.path.stat()
        file = (stat.st_dev, stat.st_ino)
        try:
            if file != self._attached_file:
                con.execute(f"detach database if exists {ATTACHED}")
                con.execute(
                    f"attach {literal(str(self.path))} as {ATTACHED} (type sqlite, read_only)"
                )
                self._attached_file = file
        except duckdb.Error as problem:
            self._attached_file = None
            raise SourceUnavailable(f"The practice management system: {plainly(problem)}") from None

    def release(self) -> None:
        """Nothing is held between refreshes."""

    def tables(self, con: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
        """Tables and columns, read from the file now (not from an old attachment)."""
        listed = self.pushed(
            "select m.name as table_name, c.name as column_name, c.cid as position "
            "from sqlite_master m, pragma_table_info(m.name) c where m.type in ('table', 'view')"
        )
        found: dict[str, list[str]] = {}
        try:
            rows = con.execute(
                f"select table_name, column_name from {listed} "
                "order by table_name, position::integer"
            ).fetchall()
        except duckdb.Error as problem:
            raise SourceUnavailable(f"The practice management system: {plainly(problem)}") from None
        for table, column in rows:
            found.setdefault(table, []).append(column)
        return found

    def whole(self, table: str, columns: list[str]) -> str:
        """Every row of a table."""
        listed = ", ".join(quoted(column) for column in columns)
        return f"(select {listed} from {ATTACHED}.{quoted(table)})"

    def pushed(self, sql: str) -> str:
        """Run `sql` inside SQLite, where its indexes are."""
        return f"sqlite_query({literal(ATTACHED)}, {literal(sql)})"

    def identifier(self, name: str) -> str:
        """Double quotes, as in DuckDB."""
        return quoted(name)

    @staticmethod
    def _stat(path: Path) -> str:
        stat = path.stat()
        return f"{stat.st_ino}:{stat.st_size}:{stat.st_mtime_ns}"
