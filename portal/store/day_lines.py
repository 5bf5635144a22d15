"""What moved in a span of time: the lines of a day's payment files."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Connection, Row, and_, cast, func, select

from portal.services.payout_ports import MOVED, DayLine, key_of_payment
from portal.store.payment_tables import (
    payment_events,
    payment_items,
    payments,
    refund_items,
    refunds,
)

_BACK = {"returned": "return", "disputed": "dispute"}
_IS_WON = and_(
    payment_events.c.from_state == "disputed",
    payment_events.c.to_state.in_(["part_refunded", "succeeded"]),
)
_GONE_BY_THEN = (
    select(cast(func.coalesce(func.sum(refund_items.c.cents), 0), BigInteger))
    .join_from(refund_items, refunds)
    .where(
        refund_items.c.item_id == payment_items.c.item_id,
        refunds.c.state == "succeeded",
        refunds.c.updated_at <= payment_events.c.at,
    )
    .scalar_subquery()
)
"""What of a line had been refunded when a step was taken; what follows has lines of its own."""
_KNOWN = (
    payments.c.payment_id,
    payments.c.client_id,
    payments.c.kind,
    payments.c.brand,
    payments.c.currency,
)


class DayLineRows:
    """Reads captured payments, refunds, returns, disputes and moves by when they happened."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def between(self, start: datetime, end: datetime) -> list[DayLine]:
        """Every line of money that moved from `start` up to, not including, `end`."""
        return [
            *self._captured(start, end),
            *self._refunded(start, end),
            *self._back(start, end),
            *self._won(start, end),
            *self._moved(start, end),
        ]

    def _captured(self, start: datetime, end: datetime) -> Iterator[DayLine]:
        found = self._connection.execute(
            select(*_KNOWN, payments.c.captured_at.label("at"), payment_items)
            .join_from(payment_items, payments)
            .where(
                payments.c.captured_at >= start,
                payments.c.captured_at < end,
                payments.c.captured_cents > 0,
            )
        )
        for row in found:
            yield _line(row, "payment", row.item_id, row.cents, key_of_payment(row.item_id))

    def _refunded(self, start: datetime, end: datetime) -> Iterator[DayLine]:
        found = self._connection.execute(
            select(
                *_KNOWN,
                refunds.c.updated_at.label("at"),
                payment_items.c.invoice_id,
                payment_items.c.invoice_number,
                refund_items.c.line_id,
                refund_items.c.cents,
            )
            .select_from(refund_items)
            .join(refunds, refund_items.c.refund_id == refunds.c.refund_id)
            .join(payment_items, refund_items.c.item_id == payment_items.c.item_id)
            .join(payments, payment_items.c.payment_id == payments.c.payment_id)
            .where(
                refunds.c.state == "succeeded",
                refunds.c.updated_at >= start,
                refunds.c.updated_at < end,
            )
        )
        for row in found:
            yield _line(row, "refund", row.line_id, -row.cents, f"refund:{row.line_id}")

    def _back(self, start: datetime, end: datetime) -> Iterator[DayLine]:
        """A return or dispute takes back what was captured and not refunded."""
        for row in self._steps(payment_events.c.to_state.in_(sorted(_BACK)), start, end):
            entry = _BACK[row.to_state]
            yield _line(row, entry, row.item_id, -row.left_cents, _key(entry, row))

    def _won(self, start: datetime, end: datetime) -> Iterator[DayLine]:
        """A dispute that was won gives back what it had taken."""
        for row in self._steps(_IS_WON, start, end):
            yield _line(row, "dispute_won", row.item_id, row.left_cents, _key("dispute_won", row))

    def _moved(self, start: datetime, end: datetime) -> Iterator[DayLine]:
        """What a file has told under the catch-all client goes from there to its client."""
        for row in self._steps(payment_events.c.reason == MOVED, start, end):
            out = _line(row, "transfer", row.item_id, -row.left_cents, _key("out", row))
            yield replace(out, client_id=None)
            yield _line(row, "transfer", row.item_id, row.left_cents, _key("in", row))

    def _steps(
        self, which: ColumnElement[bool], start: datetime, end: datetime
    ) -> Iterator[Row[Any]]:
        """The lines of payments that took such a step, where something of the line is left."""
        found = self._connection.execute(
            select(
                *_KNOWN,
                payment_items,
                payment_events.c.at,
                payment_events.c.seq,
                payment_events.c.to_state,
                (payment_items.c.cents - _GONE_BY_THEN).label("left_cents"),
            )
            .select_from(payment_events)
            .join(payments, payment_events.c.payment_id == payments.c.payment_id)
            .join(payment_items, payments.c.payment_id == payment_items.c.payment_id)
            .where(
                which,
                payment_events.c.at >= start,
                payment_events.c.at < end,
                payments.c.captured_cents > 0,
                payment_items.c.cents > _GONE_BY_THEN,
            )
        )
        yield from found


def _key(entry: str, row: Row[Any]) -> str:
    return f"{entry}:{row.item_id}:{row.seq}"


def _line(row: Row[Any], entry: str, payment_id: str, cents: int, key: str) -> DayLine:
    return DayLine(
        key=key,
        at=row.at,
        payment_id=payment_id,
        entry=entry,
        client_id=row.client_id,
        invoice_id=row.invoice_id,
        invoice_number=row.invoice_number,
        method=row.kind,
        brand=row.brand,
        currency=row.currency,
        cents=cents,
    )
