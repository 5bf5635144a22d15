"""The hand-written statements that the portal is set beside: bench/statements/*.sql."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

FOLDER = Path(__file__).parent / "statements"
_ORDER = re.compile(r"^-- order: (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Statement:
    """One statement for DuckDB."""

    name: str
    sql: str

    def run(
        self, con: duckdb.DuckDBPyConnection, values: Mapping[str, object]
    ) -> list[tuple[object, ...]]:
        """All rows of the answer; only the values it names are bound."""
        named = set(re.findall(r"\$(\w+)", self.sql))
        return con.execute(self.sql, {name: values[name] for name in named}).fetchall()


def statement(name: str) -> Statement:
    """A statement that stands alone in its file."""
    return Statement(name, (FOLDER / f"{name}.sql").read_text(encoding="utf-8"))


def page_statements(case: str) -> list[Statement]:
    """Every way written down to read the rows of a page, each as one whole statement.

    DuckDB plans them differently at every size, so all run and the fastest counts.
    """
    columns = statement("invoice_columns").sql
    files = [FOLDER / f"{case}.sql", *sorted(FOLDER.glob(f"{case}.*.sql"))]
    return [
        Statement(file.stem, _whole(file.read_text(encoding="utf-8"), columns)) for file in files
    ]


def _whole(picking: str, columns: str) -> str:
    order = _ORDER.search(picking).group(1)
    return f"with page as (\n{picking}\n)\n{columns}\norder by {order}"
