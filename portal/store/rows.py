"""What most repositories do the same way: find, list, add and save records of one table."""

import functools
from collections.abc import Iterable
from typing import Any, Generic, TypeVar

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Insert,
    Select,
    Table,
    Update,
    bindparam,
    insert,
    select,
    update,
)

from portal.store.records import from_row, to_row

Record = TypeVar("Record")
BATCH = 500
"""How many values one `in (…)` takes."""


class Rows(Generic[Record]):
    """The rows of one table as records."""

    def __init__(self, connection: Connection, table: Table, kind: type[Record]) -> None:
        self._connection = connection
        self._table = table
        self._kind = kind
        self._key = list(table.primary_key.columns)

    def one(self, *conditions: ColumnElement[bool]) -> Record | None:
        """The record that meets the conditions, if any."""
        row = self._connection.execute(select(self._table).where(*conditions)).one_or_none()
        return None if row is None else from_row(self._kind, row)

    def by(self, column: Column, value: object) -> Record | None:
        """The record whose column has this value, if any."""
        found = self._connection.execute(_finding(column), {"value": value}).one_or_none()
        return None if found is None else from_row(self._kind, found)

    def many(self, *conditions: Any, order: Any = None, limit: int | None = None) -> list[Record]:
        """The records that meet the conditions, by key unless told otherwise."""
        query = select(self._table).where(*conditions).limit(limit)
        ordered = query.order_by(*([order] if order is not None else []), *self._key)
        return [from_row(self._kind, row) for row in self._connection.execute(ordered)]

    def answering(self, question: Select, **values: object) -> list[Record]:
        """The records a statement finds that was made once, for these values."""
        return [from_row(self._kind, row) for row in self._connection.execute(question, values)]

    def add(self, records: Iterable[Record]) -> None:
        """Add rows; a row that is there already is an error."""
        rows = [to_row(record) for record in records]
        for first in range(0, len(rows), BATCH):
            self._connection.execute(_adding(self._table), rows[first : first + BATCH])

    def save(self, record: Record) -> None:
        """Replace a row that is there."""
        row = to_row(record)
        named = {f"key_{column.name}": row[column.name] for column in self._key}
        done = self._connection.execute(_saving(self._table), {**row, **named})
        if done.rowcount != 1:
            raise LookupError(f"{self._table.name}: there is no such row")


@functools.cache
def _finding(column: Column) -> Select:
    """The statement that finds one row; made once, as the one that replaces it."""
    return select(column.table).where(column == bindparam("value"))


@functools.cache
def _adding(table: Table) -> Insert:
    """The statement that adds rows."""
    return insert(table)


@functools.cache
def _saving(table: Table) -> Update:
    """The statement that replaces one row; made once, because it is run for every step of money."""
    conditions = [column == bindparam(f"key_{column.name}") for column in table.primary_key.columns]
    return update(table).where(*conditions).values({c.name: bindparam(c.name) for c in table.c})


def batches(values: Iterable[str]) -> Iterable[list[str]]:
    """The values without doubles, so many at a time as a query takes."""
    wanted = list(dict.fromkeys(values))
    for first in range(0, len(wanted), BATCH):
        yield wanted[first : first + BATCH]
