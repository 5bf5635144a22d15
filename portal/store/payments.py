"""Payments, what they pay, and the steps they took."""

from collections.abc import Iterable

from sqlalchemy import Connection, func, select

from portal.domain.payment_states import LIVE, PaymentState
from portal.services.money_records import Payment, PaymentEvent, PaymentItem
from portal.store.engine import insert_into, take_turn
from portal.store.money_tables import money_numbers
from portal.store.payment_tables import payment_events, payment_items, payments
from portal.store.rows import Rows, batches

_MONEY = 7_204
"""The subject of the turn that moves money."""
_FIRST = {"action": 111, "item": 1011}
"""Before the first payment ID, so that the first is PI-0112-1012."""
_PAYMENT = payments.c
_ITEM = payment_items.c


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

    def live_on(self, invoice_ids: Iterable[str]) -> list[Payment]:
        """The attempts under way on any of these invoices."""
        found: dict[str, Payment] = {}
        for batch in batches(invoice_ids):
            paying = select(_ITEM.payment_id).where(_ITEM.is_live, _ITEM.invoice_id.in_(batch))
            for payment in self._rows.many(_PAYMENT.payment_id.in_(paying)):
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
            self._connection.execute(
                payment_items.update()
                .where(_ITEM.payment_id == payment.payment_id, _ITEM.is_live)
                .values(is_live=False)
            )

    def items(self, payment_id: str) -> list[PaymentItem]:
        """What a payment pays, in order."""
        return self._items.many(_ITEM.payment_id == payment_id, order=_ITEM.item_no)

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
        """Add a step to the timeline."""
        self._events.add([event])

    def steps(self, payment_id: str) -> int:
        """How many steps a payment has taken."""
        return self._connection.execute(
            select(func.count()).where(payment_events.c.payment_id == payment_id)
        ).scalar_one()

    def events(self, payment_id: str) -> list[PaymentEvent]:
        """A payment's timeline."""
        return self._events.many(payment_events.c.payment_id == payment_id)

    def _next(self, name: str) -> int:
        insert = insert_into(self._connection, money_numbers).values(
            name=name, last_number=_FIRST[name] + 1
        )
        taken = insert.on_conflict_do_update(
            index_elements=["name"], set_={"last_number": money_numbers.c.last_number + 1}
        ).returning(money_numbers.c.last_number)
        return self._connection.execute(taken).scalar_one()
