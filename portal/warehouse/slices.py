"""The part of the mirror that making some canonical rows needs, as far as a mapping promises it."""

from collections.abc import Callable

import duckdb

from portal.pms.source import quoted
from portal.warehouse.few_rows import few_rows
from portal.warehouse.mapping import Mapping

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
                found[name.lower()] = self._slice(name, conditions)
        for name in names:
            if name.lower() not in found and (conditions := self._reached(table, name, found)):
                found[name.lower()] = self._slice(name, conditions)
        return found

    def _place(self, table: str, column: str, name: str) -> tuple[str, str, str] | None:
        source_column = self._mapping.tables[name].limit_for(table, column)
        return source_column and (name, source_column, self._type_of(table, column))

    def _reached(self, table: str, name: str, found: dict[str, str]) -> list[str]:
        """Conditions on a table whose needed rows are named by rows of tables already cut."""
        reaches = [reach for reach in self._mapping.tables[name].reached if reach.table == table]
        if not all(reach.by_table.lower() in found for reach in reaches):
            return []
        return [
            f"{quoted(reach.source_column)} in "
            f"(select {quoted(reach.by_column)} from {found[reach.by_table.lower()]})"
            for reach in reaches
        ]

    def _slice(self, name: str, conditions: list[str]) -> str:
        key = (name, *conditions)
        if key not in self._made:
            slice_name = quoted(f"slice_{len(self._made)}_{name}")
            select = few_rows(f"pms.{quoted(name)}", *conditions)
            self._con.execute(f"create or replace temp table {slice_name} as {select}")
            self._made[key] = slice_name
        return self._made[key]
