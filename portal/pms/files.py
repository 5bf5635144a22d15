"""A practice management system's exports: a folder of CSV, Excel, Parquet and JSON files.

Every file (every sheet of a workbook) is a table of text columns.
"""

import zipfile
from pathlib import Path
from xml.etree.ElementTree import ParseError

import duckdb
import openpyxl

from portal.domain.errors import SourceUnavailable
from portal.pms.source import literal, quoted

LARGEST_WORKBOOK_BYTES = 200 * 1024 * 1024


class FilesSource:
    """Reads the files of one folder. A pushed-down query runs in DuckDB on the same files."""

    kind = "files"
    tracks_by_probe = True

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._relations: dict[str, str] = {}
        self._read_probe = ""

    def probe(self) -> str:
        """Names, sizes and times of the files."""
        if not self.folder.is_dir():
            raise SourceUnavailable(f"The folder {self.folder} cannot be found.")
        stats = [(file.name, file.stat()) for file in self._files()]
        return " ".join(f"{name}:{stat.st_size}:{stat.st_mtime_ns}" for name, stat in stats)

    def attach(self, con: duckdb.DuckDBPyConnection) -> None:
        """Find out which tables the folder holds; workbooks are opened for their sheet names."""
        probe = self.probe()
        if probe == self._read_probe:
            return
        relations: dict[str, str] = {}
        for file in self._files():
            for name, relation in self._tables_of(file):
                if name.lower() in {known.lower() for known in relations}:
                    raise SourceUnavailable(f"Two files of {self.folder} make the table {name}.")
                relations[name] = relation
        self._relations = relations
        self._read_probe = probe

    def tables(self, con: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
        """Tables and columns as the files' first rows name them."""
        found = {}
        for name, relation in self._relations.items():
            try:
                described = con.execute(f"describe select * from {relation}").fetchall()
            except duckdb.Error as problem:
                raise SourceUnavailable(f"{name} cannot be read: {problem}") from None
            found[name] = [row[0] for row in described]
        return found

    def whole(self, table: str, columns: list[str]) -> str:
        """Every row, every value as text."""
        listed = ", ".join(f"{quoted(column)}::varchar as {quoted(column)}" for column in columns)
        return f"(select {listed} from {self._relations[table]})"

    def pushed(self, sql: str) -> str:
        """There is no other engine: the query runs in DuckDB."""
        return f"({sql})"

    def identifier(self, name: str) -> str:
        """DuckDB's double quotes."""
        return quoted(name)

    def _files(self) -> list[Path]:
        kinds = (".csv", ".xlsx", ".parquet", ".json")
        return sorted(
            file
            for file in self.folder.iterdir()
            if file.suffix.lower() in kinds and not file.name.startswith((".", "~"))
        )

    def _tables_of(self, file: Path) -> list[tuple[str, str]]:
        path = literal(str(file))
        match file.suffix.lower():
            case ".csv":
                return [(file.stem, f"read_csv({path}, header = true, all_varchar = true)")]
            case ".parquet":
                return [(file.stem, f"read_parquet({path})")]
            case ".json":
                return [(file.stem, f"read_json({path})")]
            case _:
                return self._sheets(file)

    def _sheets(self, file: Path) -> list[tuple[str, str]]:
        """A workbook's only sheet is named for the file, several for themselves."""
        if file.stat().st_size > LARGEST_WORKBOOK_BYTES:
            raise SourceUnavailable(f"{file.name} is larger than a workbook may be (200 MB).")
        try:
            workbook = openpyxl.load_workbook(file, read_only=True)
        except (OSError, ValueError, KeyError, zipfile.BadZipFile, ParseError):
            raise SourceUnavailable(f"{file.name} is not a workbook that can be read.") from None
        names = workbook.sheetnames
        workbook.close()
        return [
            (
                file.stem if len(names) == 1 else name,
                f"read_xlsx({literal(str(file))}, sheet = {literal(name)}, header = true, "
                "all_varchar = true)",
            )
            for name in names
        ]
