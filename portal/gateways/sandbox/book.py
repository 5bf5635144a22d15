"""What is written in the sandbox's file: rows by key, and the few questions its rules ask."""

import contextlib
import sqlite3
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, date, datetime
from functools import cache
from typing import TypeVar

from portal.gateways.sandbox.rows import (
    EntryRow,
    EventRow,
    FactRow,
    FaultRow,
    PayoutRow,
    RefundRow,
    Row,
    StepRow,
)

SomeRow = TypeVar("SomeRow", bound=Row)
_DEBITED_FIRST = "case state when 'succeeded' then 0 when 'processing' then 1 else 2 end"


def time_text(at: datetime) -> str:
    """An instant as the file keeps it: UTC, always of one length, so that it sorts."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


class Book:
    """What is written in the file, within one transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def one(self, kind: type[SomeRow], key: object) -> SomeRow | None:
        """The row with this key."""
        return next(iter(self._rows(kind, f"where {_columns(kind)[0]} = ?", key)), None)

    def add(self, row: Row) -> int:
        """Write a new row; its number, where rows are numbered."""
        columns = _columns(type(row))
        marks = ", ".join("?" for _ in columns)
        done = self._connection.execute(
            f"insert into {row.table} ({', '.join(columns)}) values ({marks})", _values(row)
        )
        return done.lastrowid or 0

    def put(self, row: Row) -> None:
        """Write a row in place of the one with its key."""
        key, *others = _columns(type(row))
        changes = ", ".join(f"{column} = ?" for column in others)
        first, *rest = _values(row)
        self._connection.execute(
            f"update {row.table} set {changes} where {key} = ?", (*rest, first)
        )

    def remove(self, kind: type[Row], key: object) -> None:
        """Take a row away."""
        self._connection.execute(f"delete from {kind.table} where {_columns(kind)[0]} = ?", (key,))

    @contextlib.contextmanager
    def undone_when_refused(self) -> Iterator[None]:
        """What the block wrote is taken back when it is left by an exception."""
        self._connection.execute("savepoint attempt")
        try:
            yield
        except BaseException:
            self._connection.execute("rollback to attempt")
            raise
        finally:
            self._connection.execute("release attempt")

    def fact(self, name: str) -> str | None:
        """A fact of the whole sandbox."""
        found = self.one(FactRow, name)
        return found.value if found else None

    def set_fact(self, name: str, value: str) -> None:
        """Write a fact of the whole sandbox."""
        self.remove(FactRow, name)
        self.add(FactRow(name=name, value=value))

    def of_our_id(self, kind: type[SomeRow], our_id: str) -> SomeRow | None:
        """The payment of ours: the one that took money, else the newest."""
        order = f"order by {_DEBITED_FIRST}, rowid desc"
        return next(iter(self._rows(kind, f"where our_id = ? {order} limit 1", our_id)), None)

    def refunds_of(self, payment_ref: str) -> list[RefundRow]:
        """A payment's refunds, oldest first."""
        return self._rows(RefundRow, "where payment_ref = ? order by rowid", payment_ref)

    def next_step(self, until: str) -> StepRow | None:
        """What should have happened by now and has not, earliest first."""
        return next(
            iter(self._rows(StepRow, "where at <= ? order by at, step_no limit 1", until)), None
        )

    def drop_steps(self, kind: str, subject: str) -> None:
        """Something will not happen after all."""
        self._connection.execute(
            "delete from steps where kind = ? and subject = ?", (kind, subject)
        )

    def unpaid_entries(self, until: date) -> list[EntryRow]:
        """Movements that could be paid out by this day."""
        where = "where payout_ref is null and paid_date <= ? order by paid_date, entry_no"
        return self._rows(EntryRow, where, until.isoformat())

    def entries_of(self, payout_ref: str) -> list[EntryRow]:
        """A payout's movements."""
        return self._rows(EntryRow, "where payout_ref = ? order by entry_no", payout_ref)

    def payouts_since(self, since: date) -> list[PayoutRow]:
        """Payouts of this day and later."""
        return self._rows(PayoutRow, "where paid_date >= ? order by paid_date, ref", since)

    def events_due(self, until: str, most: int) -> list[EventRow]:
        """Events to deliver, oldest first."""
        where = "where next_try_at <= ? order by event_no limit ?"
        return self._rows(EventRow, where, until, most)

    def last_events(self, most: int) -> list[EventRow]:
        """The newest events, oldest of them first."""
        return self._rows(EventRow, "order by event_no desc limit ?", most)[::-1]

    def forget_keys(self, before: str) -> None:
        """Drop answers so old that no key means them any more."""
        self._connection.execute("delete from keys where at < ?", (before,))

    def next_fault(self, call: str) -> FaultRow | None:
        """The fault that a call meets next; one for every call has the name `*`."""
        where = "where call in (?, '*') order by fault_no limit 1"
        return next(iter(self._rows(FaultRow, where, call)), None)

    def _rows(self, kind: type[SomeRow], rest: str, *values: object) -> list[SomeRow]:
        columns = _columns(kind)
        said = [value.isoformat() if isinstance(value, date) else value for value in values]
        found = self._connection.execute(
            f"select {', '.join(columns)} from {kind.table} {rest}",
            said,
        )
        return [kind(**dict(zip(columns, row, strict=True))) for row in found]


@cache
def _columns(kind: type[Row]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def _values(row: Row) -> tuple:
    # Rows hold plain values only; dataclasses.astuple would copy each of them deeply.
    return tuple(getattr(row, column) for column in _columns(type(row)))
