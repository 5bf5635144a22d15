"""Payments, what they pay, and the steps they took."""

import functools
from collections.abc import Iterable

from sqlalchemy import Connection, Executable, bindparam, func, insert, select

from portal.domain.payment_states import LIVE, PaymentState
from portal.services.money_records import Payment, PaymentEvent, PaymentItem
from portal.store.engine import insert_for, take_turn
from portal.store.money_tables import money_numbers
from portal.store.payment_tables import payment_events, payment_items, payments
from portal.store.records import to_row
from portal.store.rows import Rows, batches

_MONEY = 7_204
"""The subject of the turn that moves money."""
_FIRST = {"action": 111, "item": 1011}
"""Before the first payment ID, so that the first is PI-0112-1012."""
_PAYMENT = payments.c
_ITEM = payment_items.c
_EVENT = payment_events.c

# Statements of every payment are made once: making them costs more than running them.
_LIVE_ON = select(payments).where(
    _PAYMENT.payment_id.in_(
        select(_ITEM.payment_id).where(
            _ITEM.is_live, _ITEM.invoice_id.in_(bindparam("invoice_ids", expanding=True))
        )
    )
)
_ITEMS_OF = (
    select(payment_items)
    .where(_ITEM.payment_id == bindparam("payment_id"))
    .order_by(_ITEM.item_no, _ITEM.item_id)
)
_LIVE_NO_MORE = (
    payment_items.update()
    .where(_ITEM.payment_id == bindparam("of_payment"), _ITEM.is_live)
    .values(is_live=False)
)
_NEXT_STEP = insert(payment_events).values(
    seq=select(func.coalesce(func.max(_EVENT.seq), 0) + 1)
    .where(_EVENT.payment_id == bindparam("of_payment"))
    .scalar_subquery()
)


class PaymentRows:
    """The payments, payment_items, payment_events and money_numbers tables."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows = Rows(connection, payments, Payment)
        self._items = Rows(connection, payment_items, PaymentItem)
        self._events = Rows(connection, payment_events, PaymentEvent)

    def serialize(self) -> None:
        """Let one money command at a time look and write, so that what it saw stays true."""
        take_turn(self._connection, _MONEY)

    def next_action(self) -> int:
        """A number no payment or refund has had."""
        return self._next("action")

    def next_item(self) -> int:
        """A number no line of a payment or refund has had."""
        return self._next("item")

    def find(self, payment_id: str) -> Payment | None:
        """The payment with this id."""
        return self._rows.by(_PAYMENT.payment_id, payment_id)

    def find_by_request(self, request_id: str) -> Payment | None:
        """The payment that this form made."""
        return self._rows.by(_PAYMENT.request_id, request_id)

    def find_by_ref(self, gateway_ref: str) -> Payment | None:
        """The payment the gateway calls so."""
        return self._rows.by(_PAYMENT.gateway_ref, gateway_ref)

    def find_by_page(self, page_ref: str) -> Payment | None:
        """The payment that waits for this page of the gateway."""
        return self._rows.by(_PAYMENT.page_ref, page_ref)

    def of_client(self, client_id: str) -> list[Payment]:
        """A client's payments, newest first."""
        return self._rows.many(_PAYMENT.client_id == client_id, order=_PAYMENT.created_at.desc())

    def in_states(self, states: Iterable[PaymentState]) -> list[Payment]:
        """The payments that stand so, oldest first."""
        return self._rows.many(_PAYMENT.state.in_(sorted(states)), order=_PAYMENT.created_at)

    def without_client(self, states: Iterable[PaymentState]) -> list[Payment]:
        """The payments that stand so and belong to no client yet, oldest first."""
        return self._rows.many(
            _PAYMENT.client_id.is_(None),
            _PAYMENT.state.in_(sorted(states)),
            order=_PAYMENT.created_at,
        )

    def live_on(self, invoice_ids: Iterable[str]) -> list[Payment]:
        """The attempts under way on any of these invoices."""
        found: dict[str, Payment] = {}
        for batch in batches(invoice_ids):
            for payment in self._rows.answering(_LIVE_ON, invoice_ids=batch):
                found[payment.payment_id] = payment
        return list(found.values())

    def add(self, payment: Payment, items: Iterable[PaymentItem]) -> None:
        """Keep a new payment with its items."""
        self._rows.add([payment])
        self._items.add(items)

    def save(self, payment: Payment) -> None:
        """Keep what has become of a payment; its items live as long as the attempt does."""
        self._rows.save(payment)
        if payment.state not in LIVE:
            self._connection.execute(_LIVE_NO_MORE, {"of_payment": payment.payment_id})

    def items(self, payment_id: str) -> list[PaymentItem]:
        """What a payment pays, in order."""
        return self._items.answering(_ITEMS_OF, payment_id=payment_id)

    def item(self, item_id: str) -> PaymentItem | None:
        """The item with this payment ID."""
        return self._items.one(_ITEM.item_id == item_id)

    def save_item(self, item: PaymentItem) -> None:
        """Keep what has become of an item; add it when it is new."""
        if self.item(item.item_id) is None:
            self._items.add([item])
        else:
            self._items.save(item)

    def unapplied(self) -> list[PaymentItem]:
        """The items of captured payments that pay no invoice yet."""
        standing = select(_PAYMENT.payment_id).where(
            _PAYMENT.state.in_([PaymentState.SUCCEEDED, PaymentState.PART_REFUNDED])
        )
        return self._items.many(
            _ITEM.invoice_id.is_(None),
            _ITEM.cents > _ITEM.refunded_cents,
            _ITEM.payment_id.in_(standing),
            order=_ITEM.item_no,
        )

    def add_event(self, event: PaymentEvent) -> None:
        """Add a step to the end of the timeline, which numbers it."""
        row = to_row(event)
        del row["seq"]
        self._connection.execute(_NEXT_STEP, {**row, "of_payment": event.payment_id})

    def events(self, payment_id: str) -> list[PaymentEvent]:
        """A payment's timeline."""
        return self._events.many(_EVENT.payment_id == payment_id)

    def _next(self, name: str) -> int:
        given = {"name": name, "last_number": _FIRST[name] + 1}
        numbering = _numbering(self._connection.dialect.name)
        return self._connection.execute(numbering, given).scalar_one()


@functools.cache
def _numbering(dialect: str) -> Executable:
    """The statement that takes the next number of a name."""
    return (
        insert_for(dialect, money_numbers)
        .on_conflict_do_update(
            index_elements=["name"], set_={"last_number": money_numbers.c.last_number + 1}
        )
        .returning(money_numbers.c.last_number)
    )
