"""A page of a list: its rows, how many there are in all, and the totals under them."""

import threading
import weakref
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import duckdb

from portal.domain.errors import Invalid
from portal.domain.permissions import Scope
from portal.lists.columns import Kind, ListDefinition
from portal.warehouse.list_query import ListQuery, RowsRequest, compile_query
from portal.warehouse.list_sql import params_in
from portal.warehouse.query import load_query

MOST_ROWS = 500
MOST_CACHED_TOTALS = 512
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
class Totals:
    """What stands under a list: the count of all filtered rows and the sums per currency."""

    count: int
    by_currency: Mapping[str, Mapping[str, int]]
    plain: Mapping[str, int]
    """Sums of counts, which have no currency."""

    def of(self, currency: str, definition: ListDefinition) -> dict[str, int]:
        """The totals in one currency; 0 where nothing is in it."""
        sums = self.by_currency.get(currency, {})
        money = {c.id: sums.get(c.id, 0) for c in definition.totals if c.kind is Kind.MONEY}
        return {**money, **self.plain}


@dataclass(frozen=True)
class RowsPage:
    """The answer to a grid. `totals` is in the firm's currency, never a sum across currencies."""

    rows: list[dict[str, object]]
    last_row: int
    totals: dict[str, int]
    totals_by_currency: dict[str, dict[str, int]]
    """Empty while everything is in the firm's currency."""
    version: int


class _Kept:
    """The newest totals of one warehouse, forgotten in the order they were last used."""

    def __init__(self) -> None:
        self._totals: OrderedDict[object, Totals] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: object) -> Totals | None:
        with self._lock:
            if key in self._totals:
                self._totals.move_to_end(key)
            return self._totals.get(key)

    def put(self, key: object, totals: Totals) -> None:
        with self._lock:
            self._totals[key] = totals
            while len(self._totals) > MOST_CACHED_TOTALS:
                self._totals.popitem(last=False)


_KEPT: weakref.WeakKeyDictionary[object, _Kept] = weakref.WeakKeyDictionary()


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
        totals = list_totals(warehouse, con, definition, query, version)
        size = min(request.end_row, totals.count) - request.start_row
        rows = _rows(con, definition, query, request.start_row, size) if size > 0 else []
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
    query = compile_query(definition, request, scope, today, warehouse.key)
    with warehouse.cursor() as con:
        return list_totals(warehouse, con, definition, query, read_version(con)).count


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


def list_totals(
    warehouse: Reader,
    con: duckdb.DuckDBPyConnection,
    definition: ListDefinition,
    query: ListQuery,
    version: int,
) -> Totals:
    """Count and sum the filtered rows; asked once per filter, scope and data version."""
    columns = definition.totals
    needs = {join for column in columns for join in query.sql.column(column.id).needs}
    sums = "".join(
        f", sum({query.sql.column(column.id).filter})::bigint as {column.id}" for column in columns
    )
    statement = (
        f"select {query.sql.currency} as currency, count(*) as row_count{sums} "
        f"{query.rows_from(extra=frozenset(needs))} group by {query.sql.currency}"
    )
    values = query.bound(statement)
    key = (statement, repr(sorted(values.items())), version)
    kept = _KEPT.setdefault(warehouse, _Kept())
    if (known := kept.get(key)) is not None:
        return known
    found = con.execute(statement, values).fetchall()
    by_currency = {
        row[0]: {c.id: value or 0 for c, value in zip(columns, row[2:], strict=True)}
        for row in found
    }
    plain = {
        c.id: sum(sums[c.id] for sums in by_currency.values())
        for c in columns
        if c.kind is not Kind.MONEY
    }
    totals = Totals(sum(row[1] for row in found), by_currency, plain)
    kept.put(key, totals)
    return totals


def _rows(
    con: duckdb.DuckDBPyConnection,
    definition: ListDefinition,
    query: ListQuery,
    start: int,
    size: int,
) -> list[dict[str, object]]:
    columns = [column.id for column in definition.columns]
    page = f"order by {query.order_by} limit $page_size offset $page_start"
    joins = query.sort_joins
    if query.sql.picked_by is None:
        wanted = ", ".join(f"{query.sql.name}.{column}" for column in columns)
        statement = f"select {wanted} {query.rows_from(extra=joins)} {page}"
        found = con.execute(statement, _paged(query, statement, start, size))
        return [dict(zip(columns, row, strict=True)) for row in found.fetchall()]
    statement = f"select {query.sql.picked_by} {query.rows_from(extra=joins)} {page}"
    picked = [
        row[0] for row in con.execute(statement, _paged(query, statement, start, size)).fetchall()
    ]
    if not picked:
        return []
    shown = {row.pop("picked_row"): row for row in _shown(con, query, picked)}
    return [{column: shown[place][column] for column in columns} for place in picked]


def _paged(query: ListQuery, statement: str, start: int, size: int) -> dict[str, object]:
    known = {**query.values, "page_size": size, "page_start": start}
    return {name: known[name] for name in params_in(statement)}


def _shown(
    con: duckdb.DuckDBPyConnection, query: ListQuery, picked: list[int]
) -> Iterator[dict[str, object]]:
    """Fetch the picked rows; their numbers are in the text so that only their blocks are read."""
    rowid = query.sql.picked_by
    statement = (
        f"{query.sql.shown} where {rowid} between {min(picked):d} and {max(picked):d} "
        f"and {rowid} in ({', '.join(f'{place:d}' for place in picked)})"
    )
    found = con.execute(statement, query.bound(statement))
    names = [column[0] for column in found.description]
    for row in found.fetchall():
        yield dict(zip(names, row, strict=True))
