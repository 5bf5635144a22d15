"""Saved methods, the mandates to debit them, and the gateway's names for clients."""

from datetime import datetime

from sqlalchemy import Connection, select, update

from portal.services.money_records import Mandate, MethodPage, PaymentMethod
from portal.store.engine import insert_into
from portal.store.money_tables import gateway_customers, mandates, method_pages, payment_methods
from portal.store.records import to_row
from portal.store.rows import Rows

_METHOD = payment_methods.c


class MethodRows:
    """The payment_methods and gateway_customers tables."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows = Rows(connection, payment_methods, PaymentMethod)
        self._pages = Rows(connection, method_pages, MethodPage)

    def find(self, method_id: str) -> PaymentMethod | None:
        """The method with this id."""
        return self._rows.by(_METHOD.method_id, method_id)

    def find_by_ref(self, gateway_ref: str) -> PaymentMethod | None:
        """The method the gateway calls so."""
        return self._rows.by(_METHOD.gateway_ref, gateway_ref)

    def of_client(self, client_id: str) -> list[PaymentMethod]:
        """A client's methods that can be used, newest first."""
        return self._rows.many(
            _METHOD.client_id == client_id,
            _METHOD.state == "active",
            order=_METHOD.created_at.desc(),
        )

    def active(self) -> list[PaymentMethod]:
        """All methods that can be used."""
        return self._rows.many(_METHOD.state == "active")

    def save(self, method: PaymentMethod) -> None:
        """Add a method, or replace what is known of one."""
        row = to_row(method)
        insert = insert_into(self._connection, payment_methods).values(row)
        self._connection.execute(
            insert.on_conflict_do_update(index_elements=["method_id"], set_=row)
        )

    def customer(self, gateway: str, client_id: str) -> str | None:
        """What the gateway calls this client."""
        return self._connection.execute(
            select(gateway_customers.c.customer_ref).where(
                gateway_customers.c.gateway == gateway, gateway_customers.c.client_id == client_id
            )
        ).scalar_one_or_none()

    def client_of_customer(self, gateway: str, customer_ref: str) -> str | None:
        """The client whom the gateway calls so."""
        return self._connection.execute(
            select(gateway_customers.c.client_id).where(
                gateway_customers.c.gateway == gateway,
                gateway_customers.c.customer_ref == customer_ref,
            )
        ).scalar_one_or_none()

    def page(self, page_ref: str) -> MethodPage | None:
        """The page opened to save a method that the gateway calls so."""
        return self._pages.one(method_pages.c.page_ref == page_ref)

    def pages_open(self, before: datetime) -> list[MethodPage]:
        """Pages to save a method, opened before then, of which nothing has come yet."""
        return self._pages.many(
            method_pages.c.closed_at.is_(None), method_pages.c.opened_at < before
        )

    def save_page(self, page: MethodPage) -> None:
        """Keep a page, or that it is closed."""
        row = to_row(page)
        insert = insert_into(self._connection, method_pages).values(row)
        self._connection.execute(
            insert.on_conflict_do_update(index_elements=["page_ref"], set_=row)
        )

    def save_customer(self, gateway: str, client_id: str, customer_ref: str) -> str:
        """Keep it. Returns: the name that was kept first, if somebody was faster."""
        insert = insert_into(self._connection, gateway_customers).values(
            gateway=gateway, client_id=client_id, customer_ref=customer_ref
        )
        self._connection.execute(insert.on_conflict_do_nothing())
        return self.customer(gateway, client_id) or customer_ref


class MandateRows:
    """The mandates table."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows = Rows(connection, mandates, Mandate)

    def of_method(self, method_id: str) -> list[Mandate]:
        """All mandates of a method, in the order they were given."""
        return self._rows.many(mandates.c.method_id == method_id, order=mandates.c.agreed_at)

    def standing(self, method_id: str) -> Mandate | None:
        """The mandate that has not been revoked."""
        return self._rows.one(mandates.c.method_id == method_id, mandates.c.revoked_at.is_(None))

    def add(self, mandate: Mandate) -> None:
        """Keep a mandate with its wording."""
        self._rows.add([mandate])

    def revoke(self, method_id: str, reason: str, now: datetime) -> bool:
        """Revoke the standing mandate. Returns: whether there was one."""
        gone = self._connection.execute(
            update(mandates)
            .where(mandates.c.method_id == method_id, mandates.c.revoked_at.is_(None))
            .values(revoked_at=now, revoked_reason=reason)
        )
        return gone.rowcount == 1
