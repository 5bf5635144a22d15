"""What moved in a span of time: the lines of a day's payment files."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection, select

from portal.services.payout_ports import DayLine
from portal.store.payment_tables import (
    payment_events,
    payment_items,
    payments,
    refund_items,
    refunds,
)

_BACK = {"returned": "return", "disputed": "dispute"}
_KNOWN = (
    payments.c.payment_id,
    payments.c.client_id,
    payments.c.kind,
    payments.c.brand,
    payments.c.currency,
)


class DayLineRows:
    """Reads captured payments, refunds, returns and disputes by when they happened."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def between(self, start: datetime, end: datetime) -> list[DayLine]:
        """Every line of money that moved from `start` up to, not including, `end`."""
        return [*self._captured(start, end), *self._refunded(start, end), *self._back(start, end)]

    def _captured(self, start: datetime, end: datetime) -> Iterator[DayLine]:
        found = self._connection.execute(
            select(*_KNOWN, payment_items)
            .join_from(payment_items, payments)
            .where(
                payments.c.captured_at >= start,
                payments.c.captured_at < end,
                payments.c.captured_cents > 0,
            )
        )
        for row in found:
            yield _line(row, "payment", row.item_id, row.cents)

    def _refunded(self, start: datetime, end: datetime) -> Iterator[DayLine]:
        found = self._connection.execute(
            select(
                *_KNOWN,
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
            yield _line(row, "refund", row.line_id, -row.cents)

    def _back(self, start: datetime, end: datetime) -> Iterator[DayLine]:
        """A return or dispute takes back what was captured and not refunded."""
        found = self._connection.execute(
            select(*_KNOWN, payment_items, payment_events.c.to_state)
            .select_from(payment_events)
            .join(payments, payment_events.c.payment_id == payments.c.payment_id)
            .join(payment_items, payments.c.payment_id == payment_items.c.payment_id)
            .where(
                payment_events.c.to_state.in_(sorted(_BACK)),
                payment_events.c.at >= start,
                payment_events.c.at < end,
                payments.c.captured_cents > 0,
            )
        )
        for row in found:
            if row.cents > row.refunded_cents:
                yield _line(row, _BACK[row.to_state], row.item_id, row.refunded_cents - row.cents)


def _line(row: object, entry: str, payment_id: str, cents: int) -> DayLine:
    return DayLine(
        payment_id=payment_id,
        entry=entry,
        client_id=row.client_id,  # type: ignore[attr-defined]
        invoice_id=row.invoice_id,  # type: ignore[attr-defined]
        invoice_number=row.invoice_number,  # type: ignore[attr-defined]
        method=row.kind,  # type: ignore[attr-defined]
        brand=row.brand,  # type: ignore[attr-defined]
        currency=row.currency,  # type: ignore[attr-defined]
        cents=cents,
    )
