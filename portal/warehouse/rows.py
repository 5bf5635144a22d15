"""A page of a list: its rows, how many there are in all, and the totals under them."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import duckdb

from portal.domain.errors import Invalid
from portal.domain.permissions import Scope
from portal.lists.columns import ListDefinition
from portal.warehouse.list_query import ListQuery, RowsRequest, compile_query
from portal.warehouse.list_sql import params_in
from portal.warehouse.list_totals import Counting, Totals, kept_totals
from portal.warehouse.query import load_query

MOST_ROWS = 500
LAST_POSSIBLE_ROW = 2**40


class Reader(Protocol):
    """What reading a list needs of the warehouse."""

    def cursor(self) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
        """One read transaction."""
        ...

    def key(self, text: object) -> object:
        """An id as the warehouse stores it."""
        ...


@dataclass(frozen=True)
class RowsPage:
    """The answer to a grid. `totals` is in the firm's currency, never a sum across currencies."""

    rows: list[dict[str, object]]
    last_row: int
    totals: dict[str, int]
    totals_by_currency: dict[str, dict[str, int]]
    """Empty while everything is in the firm's currency."""
    version: int


def list_page(
    warehouse: Reader,
    definition: ListDefinition,
    request: RowsRequest,
    scope: Scope,
    today: date,
    currency: str,
) -> RowsPage:
    """Read one page of a list within a scope, all of it in one data version.

    Raises: Invalid for a range, filter, sort or parameter the list does not take.
    """
    check_range(request)
    query = compile_query(definition, request, scope, today, warehouse.key)
    with warehouse.cursor() as con:
        version = read_version(con)
        look = _Look(con, Counting(definition, query))
        totals = kept_totals(warehouse).once(look.counting.key(version), look.count)
        rows = look.rows(request.start_row, min(request.end_row, totals.count), totals.count)
    others = {name: totals.of(name, definition) for name in totals.by_currency}
    return RowsPage(
        rows=rows,
        last_row=totals.count,
        totals=totals.of(currency, definition),
        totals_by_currency={} if set(others) <= {currency} else others,
        version=version,
    )


def list_count(
    warehouse: Reader,
    definition: ListDefinition,
    request: RowsRequest,
    scope: Scope,
    today: date,
) -> int:
    """How many rows a question has in all; at once where its totals are on screen already.

    Raises: Invalid as for a page.
    """
    return list_totals(warehouse, definition, request, scope, today).count


def list_totals(
    warehouse: Reader,
    definition: ListDefinition,
    request: RowsRequest,
    scope: Scope,
    today: date,
) -> Totals:
    """The count and the sums of a question, for each currency there is among its rows.

    Raises: Invalid as for a page.
    """
    query = compile_query(definition, request, scope, today, warehouse.key)
    with warehouse.cursor() as con:
        counting = Counting(definition, query)
        key = counting.key(read_version(con))
        return kept_totals(warehouse).once(key, lambda: counting.of_all(con))


def check_range(request: RowsRequest) -> None:
    """Go on only if the range is one a grid may ask for.

    Raises: Invalid.
    """
    if not 0 <= request.start_row < request.end_row <= LAST_POSSIBLE_ROW:
        raise Invalid("The rows asked for must start at 0 or later and end after the start.")
    if request.end_row - request.start_row > MOST_ROWS:
        raise Invalid(f"At most {MOST_ROWS} rows can be asked for at once.")


def read_version(con: duckdb.DuckDBPyConnection) -> int:
    """The data version this transaction sees."""
    return con.execute(load_query("canonical/data_version").sql).fetchone()[0]


class _Look:
    """One look at a list in one transaction: first the count and sums, then the asked rows."""

    def __init__(self, con: duckdb.DuckDBPyConnection, counting: Counting) -> None:
        self._con = con
        self.counting = counting
        self._definition = counting.definition
        self._query = counting.query
        self._is_matched = False

    def count(self) -> Totals:
        """Count and sum; where finding the rows is the costly part, they are found only once."""
        if not self._query.is_costly:
            return self.counting.of_all(self._con)
        self._match()
        return self.counting.of_matched(self._con)

    def rows(self, start: int, end: int, count: int) -> list[dict[str, object]]:
        """The rows from `start` up to `end`, out of `count`."""
        if start >= end:
            return []
        columns = [column.id for column in self._definition.columns]
        if self._query.sql.picked_by is None:
            found = self._page(columns, start, end, count)
            return [dict(zip(columns, row, strict=True)) for row in found]
        picked = [row[0] for row in self._page(["picked_row"], start, end, count)]
        shown = {row.pop("picked_row"): row for row in _shown(self._con, self._query, picked)}
        return [{column: shown[place][column] for column in columns} for place in picked]

    def _match(self) -> None:
        """Keep what the rows of the question are sorted and summed by, for this look alone."""
        wanted = {
            **self._columns(),
            "currency": self._query.sql.currency,
            **self.counting.sums,
            **{f"sort_{place}": sql for place, (sql, _) in enumerate(self._query.order)},
        }
        listed = ", ".join(f"{sql} as {name}" for name, sql in wanted.items())
        needs = self._query.sort_joins | self.counting.needs
        statement = f"select {listed} {self._query.rows_from(extra=needs)}"
        self._con.execute(f"create temp table matched as {statement}", self._query.bound(statement))
        self._is_matched = True

    def _columns(self) -> dict[str, str]:
        sql = self._query.sql
        if sql.picked_by is not None:
            return {"picked_row": sql.picked_by}
        return {column.id: f"{sql.name}.{column.id}" for column in self._definition.columns}

    def _page(self, columns: list[str], start: int, end: int, count: int) -> list[tuple]:
        """Rows nearer to the end than to the start are looked for from there."""
        is_near_end = start > count - end
        size, offset = end - start, count - end if is_near_end else start
        if self._is_matched:
            order = self._query.ordered_by(
                [f"sort_{place}" for place in range(len(self._query.order))], is_near_end
            )
            select = f"select {', '.join(columns)} from matched"
        else:
            order = self._query.ordered_by([sql for sql, _ in self._query.order], is_near_end)
            known = self._columns()
            wanted = ", ".join(f"{known[column]} as {column}" for column in columns)
            select = f"select {wanted} {self._query.rows_from(extra=self._query.sort_joins)}"
        statement = f"{select} order by {order} limit $page_size offset $page_start"
        known = {**self._query.values, "page_size": size, "page_start": offset}
        values = {name: known[name] for name in params_in(statement)}
        found = self._con.execute(statement, values).fetchall()
        return found[::-1] if is_near_end else found


def _shown(
    con: duckdb.DuckDBPyConnection, query: ListQuery, picked: list[int]
) -> Iterator[dict[str, object]]:
    """Fetch the picked rows; their numbers are in the text so that only their blocks are read.

    The limit tells DuckDB that they are few, so that it looks their names up and not all names.
    """
    rowid = query.sql.picked_by
    where = (
        f"where {rowid} between {min(picked):d} and {max(picked):d} "
        f"and {rowid} in ({', '.join(f'{place:d}' for place in picked)}) limit {len(picked):d}"
    )
    statement = query.sql.shown_of(where)
    found = con.execute(statement, query.bound(statement))
    names = [column[0] for column in found.description]
    for row in found.fetchall():
        yield dict(zip(names, row, strict=True))
