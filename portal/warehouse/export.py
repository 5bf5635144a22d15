"""All rows of a list as text: CSV lines, or the rows of an Excel sheet, in parts of equal size.

The rows, their order and their scope are those of the list on screen; all parts are read in
one transaction. DuckDB writes the text itself, so that a million rows need little memory.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

import duckdb

from portal.domain.errors import Invalid
from portal.domain.permissions import Scope
from portal.lists.columns import Column, Kind, ListDefinition
from portal.warehouse.list_query import ListQuery, RowsRequest, compile_query
from portal.warehouse.list_sql import params_in
from portal.warehouse.rows import Reader, read_version

FIRST_PART = 2_000
"""Rows of the first part: few, so that the first byte leaves at once."""
PART = 25_000
"""Rows of the others: each part costs a look through the list's keys, and memory for its text."""
LONGEST_CELL = 32_767
"""Characters an Excel cell holds."""

# What a spreadsheet might take for a formula. Also looked for after leading spaces.
_FIRST_SIGNS = "['=', '+', '-', '@', chr(9), chr(10), chr(13), chr(0), '＝', '＋', '－', '＠']"
_MONEY = "({x}::decimal(20, 0) * 0.01::decimal(3, 2))::decimal(20, 2)"
_TEXTS = frozenset({Kind.TEXT, Kind.EMAIL, Kind.CHOICE})


@dataclass(frozen=True)
class ExportRows:
    """The rows to export, ready to be read part by part."""

    count: int
    version: int
    _con: duckdb.DuckDBPyConnection
    _statement: str
    _values: dict[str, object]

    def parts(self) -> Iterator[tuple[int, str]]:
        """Each part: how many rows are out with it, and its text."""
        first, size = 1, FIRST_PART
        while first <= self.count:
            last = min(first + size - 1, self.count)
            bound = {**self._values, "first_place": first, "last_place": last}
            yield last, self._con.execute(self._statement, bound).fetchone()[0]
            first, size = last + 1, PART


@contextmanager
def open_export(
    warehouse: Reader,
    definition: ListDefinition,
    request: RowsRequest,
    scope: Scope,
    today: date,
    columns: Sequence[Column],
    line: str,
) -> Iterator[ExportRows]:
    """Pick the rows of a list in their order; `line` is `csv_line` or `sheet_row` of the columns.

    Raises: Invalid as for a page of the list.
    """
    query = compile_query(definition, request, scope, today, warehouse.key)
    with warehouse.cursor() as con:
        con.execute(*_picking(definition, query))
        count = con.execute("select count(*) from picked_for_export").fetchone()[0]
        statement = _reading(query, line)
        values = {name: query.values[name] for name in params_in(statement) & set(query.values)}
        yield ExportRows(count, read_version(con), con, statement, values)
        con.execute("drop table picked_for_export")


def export_columns(definition: ListDefinition, asked: object) -> tuple[Column, ...]:
    """The columns of an export: those asked for in that order, or `"all"`.

    Raises: Invalid for an unknown column.
    """
    every = tuple(column for column in definition.columns if not column.hidden_always)
    if asked == "all":
        return every
    known = {column.id: column for column in every}
    if not isinstance(asked, list) or not asked or len(asked) > len(every):
        raise Invalid("An export needs a list of columns, or all of them.")
    if not all(isinstance(name, str) and name in known for name in asked):
        raise Invalid("An export has only the columns of its list.")
    if len(set(asked)) < len(asked):
        raise Invalid("An export has each column once.")
    return tuple(known[name] for name in asked)


def csv_header(columns: Sequence[Column]) -> str:
    """The first line: the labels on screen, after the mark that makes Excel read UTF-8."""
    labels = ",".join('"' + column.label.replace('"', '""') + '"' for column in columns)
    return f"\ufeff{labels}\r\n"


def csv_line(columns: Sequence[Column]) -> str:
    """The expression that writes one row as a CSV line: 1234.56, 2026-06-30, "text"."""
    cells = " , ',' , ".join(_csv_cell(column) for column in columns)
    return f"concat({cells}, chr(13), chr(10))"


def sheet_row(columns: Sequence[Column]) -> str:
    """The expression that writes one row as sheet XML: numbers, dates and texts, typed."""
    cells = ", ".join(_sheet_cell(column) for column in columns)
    return f"concat('<row>', {cells}, '</row>')"


def _csv_cell(column: Column) -> str:
    name = f"listed.{column.id}"
    if column.kind is Kind.MONEY:
        return _MONEY.format(x=name)
    if column.kind in _TEXTS:
        quoted = f"concat('\"', replace({_inert(name)}, '\"', '\"\"'), '\"')"
        return f"case when {name} <> '' then {quoted} end"
    return f"{name}::varchar"


def _sheet_cell(column: Column) -> str:
    name = f"listed.{column.id}"
    if column.kind in _TEXTS:
        cleaned = f"regexp_replace({_inert(name)}, '[\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F]', '', 'g')"
        cut = f"left({cleaned}, {LONGEST_CELL})"
        text = f"replace(replace(replace({cut}, '&', '&amp;'), '<', '&lt;'), '>', '&gt;')"
        start, end = '<c t="inlineStr"><is><t xml:space="preserve">', "</t></is></c>"
        return f"case when {name} <> '' then concat('{start}', {text}, '{end}') else '<c/>' end"
    if column.kind is Kind.MONEY:
        start, value = '<c s="1"><v>', _MONEY.format(x=name)
    elif column.kind is Kind.DATE:
        # Excel counts days from here; before March 1900 its calendar has a day too many.
        start, value = '<c s="2"><v>', f"({name} - date '1899-12-30')"
        late = f"case when {name} >= date '1900-03-01' then concat('{start}', {value}, '</v></c>')"
        early = f"""concat('<c t="inlineStr"><is><t>', {name}, '</t></is></c>')"""
        return f"{late} when {name} is not null then {early} else '<c/>' end"
    elif column.kind is Kind.FLAG:
        start, value = '<c t="b"><v>', f"{name}::integer"
    else:
        start, value = '<c s="3"><v>', name
    return f"case when {name} is null then '<c/>' else concat('{start}', {value}, '</v></c>') end"


def _inert(name: str) -> str:
    """Text that would start a formula gets an apostrophe in front."""
    risky = f"list_contains({_FIRST_SIGNS}, left(ltrim({name}, ' '), 1))"
    return f"concat(case when {risky} then '''' end, {name})"


def _picking(definition: ListDefinition, query: ListQuery) -> tuple[str, dict[str, object]]:
    """Keys in order, or whole rows where the list has no stored rows to come back to."""
    sql = query.sql
    wanted = (
        f"{sql.picked_by} as picked_row"
        if sql.picked_by
        else ", ".join(f"{sql.name}.{column.id}" for column in definition.columns)
    )
    picking = (
        f"select row_number() over (order by {query.order_by}) as place, {wanted} "
        f"{query.rows_from(extra=query.sort_joins)} order by place"
    )
    return f"create temp table picked_for_export as {picking}", query.bound(picking)


def _reading(query: ListQuery, line: str) -> str:
    part = "place between $first_place and $last_place"
    if query.sql.picked_by is None:
        rows = f"from picked_for_export as listed where {part}"
        return f"select string_agg({line}, '' order by place) {rows}"
    # the limit cuts nothing off: it tells DuckDB that the rows of a part are few
    picked = f"(select place, picked_row from picked_for_export where {part})"
    rows = query.sql.shown_of(
        f"semi join {picked} as part on {query.sql.picked_by} = part.picked_row limit {PART:d}"
    )
    return (
        f"select string_agg({line}, '' order by picked.place) from ({rows}) as listed "
        f"inner join {picked} as picked on listed.picked_row = picked.picked_row"
    )
