"""How many rows a question to a list has in all, and their sums: counted once per data version."""

import contextlib
import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import duckdb

from portal.lists.columns import Column, Kind, ListDefinition
from portal.warehouse.list_query import ListQuery

MOST_KEPT = 512


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


class KeptTotals:
    """The newest totals of one warehouse, forgotten in the order they were last used.

    Whoever asks first counts; those who ask the same meanwhile wait for that answer.
    """

    def __init__(self) -> None:
        self._totals: OrderedDict[object, Totals] = OrderedDict()
        self._turns: dict[object, _Turn] = {}
        self._lock = threading.Lock()

    def once(self, key: object, count: Callable[[], Totals]) -> Totals:
        """The totals of a question, counted only if nobody has done so."""
        if (known := self._get(key)) is not None:
            return known
        with self._turn(key):
            known = self._get(key)
            if known is None:
                known = count()
                self._put(key, known)
            return known

    def _get(self, key: object) -> Totals | None:
        with self._lock:
            if key in self._totals:
                self._totals.move_to_end(key)
            return self._totals.get(key)

    def _put(self, key: object, totals: Totals) -> None:
        with self._lock:
            self._totals[key] = totals
            while len(self._totals) > MOST_KEPT:
                self._totals.popitem(last=False)

    @contextlib.contextmanager
    def _turn(self, key: object) -> Iterator[None]:
        with self._lock:
            turn = self._turns.setdefault(key, _Turn())
            turn.waiting += 1
        try:
            with turn.lock:
                yield
        finally:
            with self._lock:
                turn.waiting -= 1
                if not turn.waiting:
                    del self._turns[key]


class _Turn:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.waiting = 0


_KEPT: weakref.WeakKeyDictionary[object, KeptTotals] = weakref.WeakKeyDictionary()


def kept_totals(warehouse: object) -> KeptTotals:
    """The totals already counted in a warehouse."""
    return _KEPT.setdefault(warehouse, KeptTotals())


@dataclass(frozen=True)
class Counting:
    """The statement that counts and sums the rows of a question."""

    definition: ListDefinition
    query: ListQuery

    @property
    def sums(self) -> dict[str, str]:
        """The expression that each total sums."""
        return {c.id: self.query.sql.column(c.id).filter for c in self.definition.totals}

    @property
    def needs(self) -> frozenset[str]:
        """The joins the sums need."""
        return frozenset(
            join for c in self.definition.totals for join in self.query.sql.column(c.id).needs
        )

    @property
    def statement(self) -> str:
        """The whole statement over the list's own tables."""
        rows = self.query.rows_from(extra=self.needs)
        return _grouped(self.query.sql.currency, self.sums, rows)

    def key(self, version: int) -> tuple[str, str, int]:
        """What makes two questions the same: text, values (with the scope) and data version."""
        statement = self.statement
        return statement, repr(sorted(self.query.bound(statement).items())), version

    def of_all(self, con: duckdb.DuckDBPyConnection) -> Totals:
        """Count the rows where they are."""
        statement = self.statement
        found = con.execute(statement, self.query.bound(statement)).fetchall()
        return _read(found, self.definition.totals)

    def of_matched(self, con: duckdb.DuckDBPyConnection) -> Totals:
        """Count the rows of the table `matched`, which holds currency and sums by name."""
        statement = _grouped("currency", {name: name for name in self.sums}, "from matched")
        return _read(con.execute(statement).fetchall(), self.definition.totals)


def _grouped(currency: str, sums: Mapping[str, str], rows: str) -> str:
    summed = "".join(f", sum({sql})::bigint as {name}" for name, sql in sums.items())
    return (
        f"select {currency} as currency, count(*) as row_count{summed} {rows} group by {currency}"
    )


def _read(found: Sequence[tuple], columns: Sequence[Column]) -> Totals:
    by_currency = {
        row[0]: {c.id: value or 0 for c, value in zip(columns, row[2:], strict=True)}
        for row in found
    }
    plain = {
        c.id: sum(sums[c.id] for sums in by_currency.values())
        for c in columns
        if c.kind is not Kind.MONEY
    }
    return Totals(sum(row[1] for row in found), by_currency, plain)
