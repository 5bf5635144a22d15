"""Which value of which source table stopped a refresh? Said so that a person can find it."""

import re

import duckdb

from portal.domain.errors import PortalError
from portal.pms.source import PmsSource, quoted
from portal.warehouse.mapping import Mapping, SourceTable
from portal.warehouse.mirror import Mirror

LONGEST_VALUE = 60
_VALUE = re.compile(r"""(?:string|range:|format:) (["'])(.*?)\1""", re.DOTALL)
_COLUMN = re.compile(r"casting from source column (.+?)(?:\n|$)")
_DATE_WORDS = ("date", "time", "format specifier")


def explain(
    con: duckdb.DuckDBPyConnection, source: PmsSource, mapping: Mapping, problem: duckdb.Error
) -> str | None:
    """Find the value that could not be used as a number or a date, after the rollback.

    Returns: a sentence with table, column and row, or None where it can't be told.
    """
    value = _VALUE.search(str(problem))
    if value is None:
        return None
    hint = _COLUMN.search(str(problem))
    try:
        mirror = Mirror(con, source, mapping)
        places = [
            (table, column)
            for table in mapping.tables.values()
            for column in mirror.columns(table)
            if hint is None or column.lower() == hint.group(1).lower()
        ]
        for table, column in places:
            found = _row(con, source, table, column, value.group(2))
            if found:
                kind = "a date" if _is_about_dates(problem) else "a number"
                return (
                    f"{table.name}.{column} holds {value.group(2)[:LONGEST_VALUE]!r}, which is "
                    f"not {kind} as the mapping needs it{found}."
                )
    except (PortalError, duckdb.Error):
        return None
    return None


def _row(
    con: duckdb.DuckDBPyConnection, source: PmsSource, table: SourceTable, column: str, value: str
) -> str:
    """Where the value is, in words; empty where it is not in this column."""
    key = table.key or column
    relation = source.whole(table.name, list(dict.fromkeys((key, column))))
    row = con.execute(
        f"select {quoted(key)}::varchar from {relation} as read "
        f"where {quoted(column)}::varchar = $value limit 1",
        {"value": value},
    ).fetchone()
    if row is None:
        return ""
    return (
        f" (the row where {key} is {str(row[0])[:LONGEST_VALUE]})"
        if table.key
        else " (in some row)"
    )


def _is_about_dates(problem: duckdb.Error) -> bool:
    said = str(problem).lower().split("\n\n")[0]
    return any(word in said for word in _DATE_WORDS)
