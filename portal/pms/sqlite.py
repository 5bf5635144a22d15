"""A practice management system in an SQLite file.

The file is opened by DuckDB's scanner alone: a second SQLite library in the same process
would drop the first one's locks, and the refresh would stop without a word.
"""

import contextlib
from pathlib import Path

import duckdb

from portal.domain.errors import SourceUnavailable
from portal.pms.scanned import ScannedSource
from portal.pms.source import ATTACHED, literal, plainly

_COLUMNS = (
    "select m.name as table_name, c.name as column_name, c.cid as position "
    "from sqlite_master m, pragma_table_info(m.name) c where m.type in ('table', 'view')"
)


class SqliteSource(ScannedSource):
    """Reads an SQLite file and its write-ahead log."""

    kind = "sqlite"
    tracks_by_probe = True

    def __init__(self, path: Path) -> None:
        super().__init__()
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
        self._warehouse = con
        self.release()
        self.probe()
        stat = self.path.stat()
        file = (stat.st_dev, stat.st_ino)
        try:
            if self._scanner is None or file != self._attached_file:
                self._scanner, self._attached_file = self._opened(), file
            self._scanner.execute("begin transaction read only")
        except duckdb.Error as problem:
            self._attached_file = None
            raise SourceUnavailable(f"The practice management system: {plainly(problem)}") from None

    def tables(self, con: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
        """Tables and columns, read from the file now (not from an old attachment)."""
        found: dict[str, list[str]] = {}
        try:
            rows = con.execute(
                f"select table_name, column_name from {self.pushed(_COLUMNS)} "
                "order by table_name, position::integer"
            ).fetchall()
        except duckdb.Error as problem:
            raise SourceUnavailable(f"The practice management system: {plainly(problem)}") from None
        for table, column in rows:
            found.setdefault(table, []).append(column)
        return found

    def _opened(self) -> duckdb.DuckDBPyConnection:
        if self._scanner is not None:
            self._scanner.close()
        scanner = self._new_scanner()
        scanner.execute(f"attach {literal(str(self.path))} as {ATTACHED} (type sqlite, read_only)")
        return scanner

    @staticmethod
    def _stat(path: Path) -> str:
        stat = path.stat()
        return f"{stat.st_ino}:{stat.st_size}:{stat.st_mtime_ns}"
