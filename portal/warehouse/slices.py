"""The part of the mirror that making some canonical rows needs, as far as a mapping promises it.

Only rows that the mapping's limits name are cut out, and of them only the columns that its SQL
names: a text that nobody reads costs as much to look up as one that is read.
"""

import re
from collections.abc import Callable

import duckdb

from portal.pms.source import quoted
from portal.warehouse.few_rows import few_rows
from portal.warehouse.mapping import Mapping, without_comments

_EVERYTHING = re.compile(
    # a star that is no count(*), columns(...), a natural join, or `from` without a select list
    r"(?<!\bcount\()\*|\bcolumns\s*\(|\bnatural\b"
    r"|(?:^|[(;]|\b(?:all|union|except|intersect|as|name)\b)\s*from\b",
    re.IGNORECASE,
)

Affected = dict[str, dict[str, str]]
"""Canonical table -> column -> temporary table with the touched values."""


class Slices:
    """Temporary tables cut out of the mirror, each once, however many canonical tables read it."""

    def __init__(self, con: duckdb.DuckDBPyConnection, mapping: Mapping) -> None:
        self._con = con
        self._mapping = mapping
        self._conditions: dict[tuple[str, str, str], str] = {}
        self._type_of: Callable[[str, str], str] = lambda table, column: "VARCHAR"
        self._made: dict[tuple[str, ...], str] = {}

    def cut(self, affected: Affected, type_of: Callable[[str, str], str]) -> None:
        """Note which rows of which source tables matter; `type_of` a canonical column."""
        self._type_of = type_of
        self._made.clear()
        wanted: dict[tuple[str, str, str], list[str]] = {}
        for table, columns in affected.items():
            if table not in self._mapping.sql:
                continue
            for name in self._mapping.reads(table):
                for column, values in columns.items():
                    if place := self._place(table, column, name):
                        wanted.setdefault(place, []).append(f"select value from {values}")
        self._conditions = {
            (name, column, key_type): f"try_cast({quoted(column)} as {key_type}) in "
            f"({' union all '.join(sorted(set(values)))})"
            for (name, column, key_type), values in wanted.items()
        }

    def relations(self, table: str, columns: dict[str, str]) -> dict[str, str]:
        """What to read in place of each source table for some columns' touched values."""
        found: dict[str, str] = {}
        names = self._mapping.reads(table)
        for name in names:
            places = [self._place(table, column, name) for column in columns]
            if all(places):
                conditions = [self._conditions[place] for place in dict.fromkeys(places)]
                found[name.lower()] = self._slice(table, name, conditions)
        for name in names:
            if name.lower() not in found and (conditions := self._reached(table, name, found)):
                found[name.lower()] = self._slice(table, name, conditions)
        return found

    def _place(self, table: str, column: str, name: str) -> tuple[str, str, str] | None:
        source_column = self._mapping.tables[name].limit_for(table, column)
        return source_column and (name, source_column, self._type_of(table, column))

    def _reached(self, table: str, name: str, found: dict[str, str]) -> list[str]:
        """Conditions on a table whose needed rows are named by rows of tables already cut."""
        reaches = [reach for reach in self._mapping.tables[name].reached if reach.table == table]
        if not all(reach.by_table.lower() in found for reach in reaches):
            return []
        named: dict[str, list[str]] = {}
        for reach in reaches:
            named.setdefault(reach.source_column, []).append(
                f"select {quoted(reach.by_column)} from {found[reach.by_table.lower()]}"
            )
        return [
            f"{quoted(column)} in ({' union all '.join(values)})"
            for column, values in named.items()
        ]

    def _slice(self, table: str, name: str, conditions: list[str]) -> str:
        columns = self._read_columns(table, name)
        key = (name, columns, *conditions)
        if key not in self._made:
            slice_name = quoted(f"slice_{len(self._made)}_{name}")
            select = few_rows(f"pms.{quoted(name)}", *conditions, columns=columns)
            self._con.execute(f"create or replace temp table {slice_name} as {select}")
            self._made[key] = slice_name
        return self._made[key]

    def _read_columns(self, table: str, name: str) -> str:
        """Columns of a source table that a canonical table's SQL names, or a star for all."""
        source = self._mapping.tables[name]
        sql = without_comments(self._mapping.sql[table]).lower()
        if not source.columns or _EVERYTHING.search(sql):
            return "*"
        linked = {
            reach.by_column
            for other in self._mapping.tables.values()
            for reach in other.reached
            if reach.by_table == name
        }
        read = [c for c in source.columns if c in linked or _names(sql, c)]
        return ", ".join(quoted(column) for column in read) or "*"


def _names(sql: str, column: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(column.lower())}(?!\w)", sql) is not None
