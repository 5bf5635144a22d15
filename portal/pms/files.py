"""A practice management system's exports: a folder of CSV, Excel, Parquet and JSON files.

Every file (every sheet of a workbook) is a table of text columns.
"""

from pathlib import Path

import duckdb

from portal.domain.errors import SourceUnavailable
from portal.pms.card_columns import refuse_card_columns
from portal.pms.delimited import csv_table
from portal.pms.file_table import FileTable
from portal.pms.source import literal, plainly, quoted
from portal.pms.workbook import Sheet, sheets

KINDS = (".csv", ".xlsx", ".parquet", ".json")
NOT_READ = (".xlsm", ".xlsb", ".xls", ".xltm", ".xltx", ".ods")

Tables = list[tuple[str, FileTable]]


class FilesSource:
    """Reads the files of one folder. A pushed-down query runs in DuckDB on the same files."""

    kind = "files"
    tracks_by_probe = True

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._tables: dict[str, FileTable] = {}
        self._read: dict[Path, tuple[str, Tables]] = {}
        self._read_probe = ""

    def probe(self) -> str:
        """Names, sizes and times of the files."""
        if not self.folder.is_dir():
            raise SourceUnavailable(f"The folder {self.folder} cannot be found.")
        return " ".join(f"{file.name}:{_state(file)}" for file in self._files())

    def attach(self, con: duckdb.DuckDBPyConnection) -> None:
        """Find out which tables the folder holds; files that did not change are known already."""
        probe = self.probe()
        if probe == self._read_probe:
            return
        tables: dict[str, FileTable] = {}
        read: dict[Path, tuple[str, Tables]] = {}
        for file in self._files():
            state = _state(file)
            known = self._read.get(file)
            read[file] = known if known and known[0] == state else (state, _tables_of(con, file))
            for name, table in read[file][1]:
                if name.lower() in {other.lower() for other in tables}:
                    raise SourceUnavailable(f"Two files of {self.folder} make the table {name}.")
                tables[name] = table
        self._tables, self._read, self._read_probe = tables, read, probe

    def release(self) -> None:
        """Nothing is held between refreshes."""

    def tables(self, con: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
        """Tables and columns as the files' first rows name them."""
        return {name: list(table.texts) for name, table in self._tables.items()}

    def whole(self, table: str, columns: list[str]) -> str:
        """Every row, every value as text."""
        by_lower = {name.lower(): found for name, found in self._tables.items()}
        return f"({by_lower[table.lower()].select(columns)})"

    def pushed(self, sql: str) -> str:
        """There is no other engine: the query runs in DuckDB, over the files by their names."""
        named = ", ".join(
            f"{quoted(name)} as not materialized ({table.select(list(table.texts))})"
            for name, table in self._tables.items()
        )
        return f"(with {named} select * from ({sql}))" if named else f"({sql})"

    def identifier(self, name: str) -> str:
        """DuckDB's double quotes."""
        return quoted(name)

    def _files(self) -> list[Path]:
        return sorted(
            file
            for file in self.folder.iterdir()
            if file.suffix.lower() in KINDS + NOT_READ and not file.name.startswith((".", "~"))
        )


def _tables_of(con: duckdb.DuckDBPyConnection, file: Path) -> Tables:
    suffix = file.suffix.lower()
    if suffix in NOT_READ:
        raise SourceUnavailable(
            f"{file.name} is not read: save it as a workbook without macros (.xlsx)."
        )
    try:
        if suffix == ".csv":
            found = [(file.stem, csv_table(file))]
        elif suffix == ".xlsx":
            found = _sheet_tables(con, file)
        else:
            return [(file.stem, _typed_table(con, file))]
        for _, table in found:
            refuse_card_columns(con, file.name, table)
        return found
    except FileNotFoundError:
        raise SourceUnavailable(f"{file.name} was taken away while it was read.") from None
    except duckdb.Error as problem:
        raise SourceUnavailable(f"{file.name} cannot be read: {plainly(problem)}") from None


def _typed_table(con: duckdb.DuckDBPyConnection, file: Path) -> FileTable:
    """Parquet keeps its types; of JSON every value is taken as it is written."""
    if file.suffix.lower() == ".parquet":
        relation = f"read_parquet({literal(str(file))})"
        form = "{}::varchar"
    else:
        _check_end(file)
        relation = f"read_json({literal(str(file))}, maximum_depth = 1, sample_size = -1)"
        form = "({} ->> '$')"
    names = _columns(con, relation)
    return FileTable(relation, {name: form.format(quoted(name)) for name in names})


def _check_end(file: Path) -> None:
    """A list that was cut off would be read as a shorter one."""
    with file.open("rb") as opened:
        begins = opened.read(64).lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
        opened.seek(max(0, file.stat().st_size - 64))
        ends = opened.read().rstrip()[-1:]
    if begins not in (b"[", b"{") or ends != {b"[": b"]", b"{": b"}"}[begins]:
        raise SourceUnavailable(f"{file.name} is not whole JSON.")


def _sheet_tables(con: duckdb.DuckDBPyConnection, file: Path) -> Tables:
    """A workbook's only sheet is named for the file, several for themselves."""
    found = sheets(file)
    return [
        (file.stem if len(found) == 1 else sheet.name, _sheet_table(con, file, sheet))
        for sheet in found
    ]


def _sheet_table(con: duckdb.DuckDBPyConnection, file: Path, sheet: Sheet) -> FileTable:
    read = (
        f"read_xlsx({literal(str(file))}, sheet = {literal(sheet.name)}, header = true, "
        f"range = {literal(sheet.range)}, all_varchar = true, stop_at_empty = false)"
    )
    names = _columns(con, read)
    has_any = ", ".join(quoted(name) for name in names)
    texts = {
        name: _date_text(quoted(name), sheet.starts_1904) if sheet.is_date(place) else quoted(name)
        for place, name in enumerate(names)
    }
    return FileTable(f"(select * from {read} where coalesce({has_any}) is not null)", texts)


def _date_text(column: str, starts_1904: bool) -> str:
    """A day counted in Excel's way as ISO text; what is text already stays."""
    first_day = "1904-01-01" if starts_1904 else "1899-12-30"
    days = f"try_cast({column} as double)"
    return (
        f"case when {days} is null then {column} "
        f"when {days} % 1 = 0 then (date '{first_day}' + {days}::integer)::varchar "
        f"else (timestamp '{first_day}' + to_seconds(round({days} * 86400)::bigint))::varchar end"
    )


def _columns(con: duckdb.DuckDBPyConnection, relation: str) -> list[str]:
    return [row[0] for row in con.execute(f"describe select * from {relation}").fetchall()]


def _state(file: Path) -> str:
    try:
        stat = file.stat()
    except FileNotFoundError:
        raise SourceUnavailable(f"{file.name} was taken away while it was read.") from None
    return f"{stat.st_size}:{stat.st_mtime_ns}"
