"""Refunds and disputes: money that goes back."""

from collections.abc import Iterable

from sqlalchemy import Connection

from portal.services.money_records import Dispute, Refund, RefundItem, RefundState
from portal.store.engine import insert_into
from portal.store.payment_tables import disputes, refund_items, refunds
from portal.store.records import to_row
from portal.store.rows import Rows

_REFUND = refunds.c


class RefundRows:
    """The refunds and refund_items tables."""

    def __init__(self, connection: Connection) -> None:
        self._rows = Rows(connection, refunds, Refund)
        self._items = Rows(connection, refund_items, RefundItem)

    def find(self, refund_id: str) -> Refund | None:
        """The refund with this id."""
        return self._rows.by(_REFUND.refund_id, refund_id)

    def find_by_request(self, request_id: str) -> Refund | None:
        """The refund that this form made."""
        return self._rows.by(_REFUND.request_id, request_id)

    def find_by_ref(self, gateway_ref: str) -> Refund | None:
        """The refund the gateway calls so."""
        return self._rows.by(_REFUND.gateway_ref, gateway_ref)

    def of_payment(self, payment_id: str) -> list[Refund]:
        """A payment's refunds, oldest first."""
        return self._rows.many(_REFUND.payment_id == payment_id, order=_REFUND.action_no)

    def in_states(self, states: Iterable[RefundState]) -> list[Refund]:
        """The refunds that stand so, oldest first."""
        return self._rows.many(_REFUND.state.in_(sorted(states)), order=_REFUND.action_no)

    def add(self, refund: Refund, items: Iterable[RefundItem]) -> None:
        """Keep a new refund with its lines."""
        self._rows.add([refund])
        self._items.add(items)

    def save(self, refund: Refund) -> None:
        """Keep what has become of a refund."""
        self._rows.save(refund)

    def items(self, refund_id: str) -> list[RefundItem]:
        """The lines of a refund."""
        return self._items.many(refund_items.c.refund_id == refund_id, order=refund_items.c.item_no)


class DisputeRows:
    """The disputes table."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows = Rows(connection, disputes, Dispute)

    def of_payment(self, payment_id: str) -> list[Dispute]:
        """A payment's disputes, oldest first."""
        return self._rows.many(disputes.c.payment_id == payment_id, order=disputes.c.opened_at)

    def save(self, dispute: Dispute) -> None:
        """Add a dispute, or keep how it ended."""
        row = to_row(dispute)
        insert = insert_into(self._connection, disputes).values(row)
        self._connection.execute(
            insert.on_conflict_do_update(index_elements=["dispute_id"], set_=row)
        )
