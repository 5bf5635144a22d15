"""What every kind of source can do: be noticed when it changes, and be read. Nothing else."""

import re
from typing import Protocol

import duckdb

_HINTS = re.compile(r"\n\s*(LINE \d+:|Possible (fixes|Solution)|\* SET ).*", re.DOTALL)
_ROWS = re.compile(r"\n\s*Original Line:.*?(?=\n[A-Z])", re.DOTALL)
_LONGEST = 300

ATTACHED = "pms_source"
"""The name under which a source that is a database is attached, read only."""


class PmsSource(Protocol):
    """A practice management system, reached read-only through DuckDB.

    Every method raises SourceUnavailable with a sentence for the Data page when the source
    cannot be reached, is locked or no longer has what is asked.
    """

    kind: str
    tracks_by_probe: bool
    """Whether an unchanged probe proves that nothing changed."""

    def probe(self) -> str | None:
        """A cheap fingerprint of the source's state without a connection; None where unknown."""

    def attach(self, con: duckdb.DuckDBPyConnection) -> None:
        """Make the source readable on this database; again after it was replaced."""

    def release(self) -> None:
        """A refresh is over: hold nothing in the source until the next `attach`."""

    def tables(self, con: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
        """The source's tables and their columns."""

    def whole(self, table: str, columns: list[str]) -> str:
        """A relation in DuckDB SQL with every row of a table."""

    def pushed(self, sql: str) -> str:
        """A relation in DuckDB SQL that runs `sql` inside the source, in its own dialect."""

    def identifier(self, name: str) -> str:
        """A name quoted for the source's dialect."""


def quoted(name: str) -> str:
    """A DuckDB identifier, whatever characters a source's names have."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A SQL string literal; only for text of ours (paths, keys read from the source)."""
    return "'" + text.replace("'", "''") + "'"


def plainly(problem: duckdb.Error) -> str:
    """What a database complains of, without its hints about SQL that nobody wrote by hand."""
    text = _ROWS.sub("", _HINTS.sub("", str(problem)))
    return " ".join(text.split())[:_LONGEST]
