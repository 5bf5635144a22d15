"""Open balances as the refresh last told them, and what may still be paid.

An item of a payment weighs what it should have taken off the balance (its cents less
refunds while the payment reserves, else nothing) less what the PMS already shows of it.
A payment on its way lowers what may be paid; one that was returned after the PMS had
posted it raises it, until the PMS shows the reversal.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, case, delete, func, insert, select, update

from portal.domain.payment_states import CAPTURED, RESERVING, PaymentState
from portal.services.money_records import Misfit, OpenBalance
from portal.store.engine import insert_into
from portal.store.money_tables import balance_version, open_balances
from portal.store.payment_tables import payment_items, payments, refund_items
from portal.store.records import to_row
from portal.store.rows import BATCH, Rows, batches

_ITEM = payment_items.c
_WEIGHT = (
    case((payments.c.state.in_(sorted(RESERVING)), _ITEM.cents - _ITEM.refunded_cents), else_=0)
    - _ITEM.posted_cents
)
_THESE = bindparam("invoice_ids", expanding=True)
_OF_INVOICES = (
    select(open_balances)
    .where(open_balances.c.invoice_id.in_(_THESE))
    .order_by(open_balances.c.invoice_id)
)
_PENDING = (
    select(_ITEM.invoice_id, func.sum(_WEIGHT))
    .join_from(payment_items, payments)
    .where(_ITEM.invoice_id.in_(_THESE))
    .group_by(_ITEM.invoice_id)
)
_PAYABLE = select(
    open_balances.c.invoice_id,
    open_balances.c.open_cents
    - func.coalesce(
        select(func.sum(_WEIGHT))
        .join_from(payment_items, payments)
        .where(_ITEM.invoice_id == open_balances.c.invoice_id)
        .scalar_subquery(),
        0,
    ),
).where(open_balances.c.invoice_id.in_(_THESE))


class BalanceRows:
    """The open_balances and balance_version tables."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows = Rows(connection, open_balances, OpenBalance)

    def of_invoices(self, invoice_ids: Iterable[str]) -> list[OpenBalance]:
        """The open ones among these invoices."""
        return [
            balance
            for batch in batches(invoice_ids)
            for balance in self._rows.answering(_OF_INVOICES, invoice_ids=batch)
        ]

    def of_client(self, client_id: str) -> list[OpenBalance]:
        """A client's open invoices, oldest first."""
        return self._rows.many(
            open_balances.c.client_id == client_id, order=open_balances.c.invoice_date
        )

    def pending(self, invoice_ids: Iterable[str]) -> dict[str, int]:
        """What portal payments take off each invoice beyond what the PMS shows."""
        found: dict[str, int] = {}
        for batch in batches(invoice_ids):
            rows = self._connection.execute(_PENDING, {"invoice_ids": batch})
            found.update({invoice_id: int(cents) for invoice_id, cents in rows})
        return found

    def payable(self, invoice_ids: Iterable[str]) -> dict[str, int]:
        """What may still be paid on each of the invoices that are open."""
        found: dict[str, int] = {}
        for batch in batches(invoice_ids):
            rows = self._connection.execute(_PAYABLE, {"invoice_ids": batch})
            found.update({invoice_id: int(cents) for invoice_id, cents in rows})
        return found

    def misfits(self, invoice_ids: Iterable[str] | None = None) -> list[Misfit]:
        """Invoices on which more has been paid here than is open and not yet shown as paid.

        Only money that has been taken, or is with the bank, counts; None looks at all.
        """
        taken = sorted(CAPTURED | {PaymentState.PROCESSING})
        found = []
        for batch in [None] if invoice_ids is None else batches(invoice_ids):
            pending = func.sum(_WEIGHT)
            query = (
                select(_ITEM.invoice_id, _ITEM.invoice_number, open_balances.c.open_cents, pending)
                .join_from(payment_items, payments)
                .outerjoin(open_balances, open_balances.c.invoice_id == _ITEM.invoice_id)
                .where(
                    _ITEM.invoice_id.is_not(None),
                    payments.c.state.in_(taken),
                    _ITEM.cents != _ITEM.posted_cents + _ITEM.refunded_cents,
                )
                .group_by(_ITEM.invoice_id, _ITEM.invoice_number, open_balances.c.open_cents)
                .having(pending > func.coalesce(open_balances.c.open_cents, 0))
            )
            if batch is not None:
                query = query.where(_ITEM.invoice_id.in_(batch))
            found += [
                Misfit(invoice_id, number, open_cents, int(cents))
                for invoice_id, number, open_cents, cents in self._connection.execute(query)
            ]
        return found

    def version(self) -> int | None:
        """The warehouse version these balances were read from."""
        return self._connection.execute(select(balance_version.c.version)).scalar_one_or_none()

    def replace_all(self, balances: Iterable[OpenBalance], version: int, at: datetime) -> None:
        """Forget what is known and keep these."""
        self._connection.execute(delete(open_balances))
        self._rows.add(balances)
        self.set_version(version, at)

    def put(self, balances: Sequence[OpenBalance]) -> None:
        """Add invoices, or replace what is known of them."""
        rows = [to_row(balance) for balance in balances]
        put = insert_into(self._connection, open_balances)
        changed = {
            column.name: put.excluded[column.name]
            for column in open_balances.c
            if column.name != "invoice_id"
        }
        upsert = put.on_conflict_do_update(index_elements=["invoice_id"], set_=changed)
        for first in range(0, len(rows), BATCH):
            self._connection.execute(upsert, rows[first : first + BATCH])

    def drop(self, invoice_ids: Iterable[str]) -> None:
        """Forget invoices that are open no more."""
        for batch in batches(invoice_ids):
            self._connection.execute(
                delete(open_balances).where(open_balances.c.invoice_id.in_(batch))
            )

    def set_version(self, version: int, at: datetime) -> None:
        """Say which warehouse version the balances are of."""
        self._connection.execute(delete(balance_version))
        self._connection.execute(insert(balance_version).values(only_row=1, version=version, at=at))

    def mark_posted(self, posted_cents: Mapping[str, int]) -> None:
        """Keep what the PMS shows of payment items, net of posted refunds, at most their cents."""
        rows = [{"id_": item_id, "cents_": cents} for item_id, cents in posted_cents.items()]
        if rows:
            self._connection.execute(
                update(payment_items)
                .where(_ITEM.item_id == bindparam("id_"))
                .values(
                    posted_cents=case(
                        (_ITEM.cents < bindparam("cents_"), _ITEM.cents),
                        else_=bindparam("cents_"),
                    )
                ),
                rows,
            )

    def mark_refunds_posted(self, line_ids: Iterable[str]) -> None:
        """The PMS shows these lines of refunds."""
        for batch in batches(line_ids):
            self._connection.execute(
                update(refund_items).where(refund_items.c.line_id.in_(batch)).values(is_posted=True)
            )
