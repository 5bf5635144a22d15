"""All rows of a list as a file: CSV by COPY, or the rows of an Excel sheet part by part.

The rows, their order and their scope are those of the list on screen; everything is read in
one transaction. DuckDB writes the text itself, so that a million rows need little memory.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from portal.domain.errors import Invalid
from portal.domain.permissions import Scope
from portal.lists.columns import Column, Kind, ListDefinition
from portal.pms.source import literal
from portal.warehouse.list_query import ListQuery, RowsRequest, compile_query
from portal.warehouse.list_sql import params_in
from portal.warehouse.rows import Reader, read_version

FIRST_PART = 2_000
"""Rows of the first part: few, so that the first rows leave at once."""
PART = 25_000
"""Rows of the others of a sheet: each costs a look through the list's keys, and memory."""
LONGEST_CELL = 32_767
"""Characters an Excel cell holds."""

# What a spreadsheet might take for a formula, also after leading spaces.
_RISKY = "^ *[=+\\-@\\t\\n\\r\\x00＝＋－＠]"
_MONEY = "({x}::decimal(20, 0) * 0.01::decimal(3, 2))::decimal(20, 2)"
_TEXTS = frozenset({Kind.TEXT, Kind.EMAIL, Kind.CHOICE})


@dataclass(frozen=True)
class ExportRows:
    """The rows to export, in their order, ready to be read or written."""

    count: int
    version: int
    _con: duckdb.DuckDBPyConnection
    _query: ListQuery
    _columns: Sequence[Column]

    def sheet_rows(self) -> Iterator[tuple[int, str]]:
        """Each part as sheet XML: how many rows are out with it, and its text."""
        cells = ", ".join(_sheet_cell(column) for column in self._columns)
        line = f"concat('<row>', {cells}, '</row>')"
        first, size = 1, FIRST_PART
        while first <= self.count:
            last = min(first + size - 1, self.count)
            statement = (
                f"select string_agg({line}, '' order by place) from ({self._rows(PART)}) as listed"
            )
            bound = self._bound(statement, first, last)
            yield last, self._con.execute(statement, bound).fetchone()[0]
            first, size = last + 1, PART

    def copy_first(self, path: Path) -> None:
        """Write the first rows as CSV lines, without a header."""
        self._copy(path, 1, FIRST_PART, PART)

    def copy_rest(self, path: Path) -> None:
        """Write all rows but the first as CSV lines; the file can be read as it grows."""
        self._copy(path, FIRST_PART + 1, self.count, None)

    def _copy(self, path: Path, first: int, last: int, few: int | None) -> None:
        cells = ", ".join(_csv_cell(column) for column in self._columns)
        texts = ", ".join(column.id for column in self._columns if column.kind in _TEXTS)
        quoted = f", force_quote ({texts})" if texts else ""
        select = f"select {cells} from ({self._rows(few)}) as listed order by place"
        self._con.execute(
            f"copy ({select}) to {literal(str(path))} "
            f"(format csv, header false, new_line '\\r\\n', use_tmp_file false{quoted})",
            self._bound(select, first, last),
        )

    def _rows(self, few: int | None) -> str:
        """A select of what the list shows of the rows between two places."""
        part = "place between $first_place and $last_place"
        sql = self._query.sql
        if sql.picked_by is None:
            return f"select * from picked_for_export where {part}"
        picked = f"(select place, picked_row from picked_for_export where {part})"
        # the limit cuts nothing off: it tells DuckDB that the rows of a part are few
        which = (
            f"semi join {picked} as part on {sql.picked_by} = part.picked_row limit {few:d}"
            if few
            else ""
        )
        return (
            f"select picked.place, listed.* from ({sql.shown_of(which)}) as listed "
            f"inner join {picked} as picked on listed.picked_row = picked.picked_row"
        )

    def _bound(self, statement: str, first: int, last: int) -> dict[str, object]:
        values = {**self._query.values, "first_place": first, "last_place": last}
        return {name: values[name] for name in params_in(statement)}


@contextmanager
def open_export(
    warehouse: Reader,
    definition: ListDefinition,
    request: RowsRequest,
    scope: Scope,
    today: date,
    columns: Sequence[Column],
) -> Iterator[ExportRows]:
    """Pick the rows of a list in their order.

    Raises: Invalid as for a page of the list.
    """
    query = compile_query(definition, request, scope, today, warehouse.key)
    with warehouse.cursor() as con:
        con.execute(*_picking(definition, query))
        count = con.execute("select count(*) from picked_for_export").fetchone()[0]
        yield ExportRows(count, read_version(con), con, query, columns)
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


def with_currency(
    definition: ListDefinition, columns: tuple[Column, ...], *, is_needed: bool
) -> tuple[Column, ...]:
    """The columns, with Currency at the end where bare amounts would not say what they are."""
    currency = definition.column("currency")
    has_money = any(column.kind is Kind.MONEY for column in columns)
    if currency is None or currency in columns or not (is_needed and has_money):
        return columns
    return (*columns, currency)


def csv_header(columns: Sequence[Column]) -> str:
    """The first line: the labels on screen, after the mark that makes Excel read UTF-8."""
    labels = ",".join('"' + column.label.replace('"', '""') + '"' for column in columns)
    return f"\ufeff{labels}\r\n"


def _csv_cell(column: Column) -> str:
    """One cell as COPY writes it: 1234.56, 2026-06-30, "text"; nothing for an empty text."""
    name = f"listed.{column.id}"
    if column.kind is Kind.MONEY:
        return f"{_MONEY.format(x=name)} as {column.id}"
    if column.kind in _TEXTS:
        return f"nullif({_inert(_text(column))}, '') as {column.id}"
    return name


def _sheet_cell(column: Column) -> str:
    name = f"listed.{column.id}"
    if column.kind in _TEXTS:
        name = _text(column)
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


def _text(column: Column) -> str:
    """A text as it stands on screen: where a source has words of its own, they are spoken.

    Every word in the expression is the list's own; none comes from a request.
    """
    name = f"listed.{column.id}"
    if not column.spoken:
        return name
    known = " ".join(
        f"when {literal(word)} then {literal(said)}" for word, said in column.spoken.items()
    )
    other = f"concat(upper(left({name}, 1)), replace(substr({name}, 2), '_', ' '))"
    return f"(case lower({name}) {known} else {other} end)"


def _inert(name: str) -> str:
    """Text that would start a formula gets an apostrophe in front."""
    return (
        f"case when regexp_matches({name}, '{_RISKY}') then concat(chr(39), {name}) else {name} end"
    )


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
