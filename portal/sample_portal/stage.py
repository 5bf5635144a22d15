"""The stage of the sample firm's portal: its clients, its clock, and short ways to act."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count

from portal.bootstrap import Portal
from portal.domain.applications import Line
from portal.domain.permissions import Permission, Principal
from portal.services.gateway_customers import customer_of_client
from portal.services.keep_method import keep_method
from portal.services.money_ports import Payment, PaymentMethod, Source
from portal.services.take_payment import TakePayment

ADMIN = Principal(
    user_key="local:admin",
    full_name="Admin",
    email="admin@hartwellrowe.example",
    home="admin",
    groups=("admins",),
    permissions=frozenset(Permission),
)
"""On whose behalf it all happened: the sample firm's own admin."""


@dataclass(frozen=True)
class Cast:
    """A client to whom something happens."""

    client_id: str
    client_name: str
    contact: str
    email: str
    owes: Mapping[str, int]
    """Invoice -> what was open of it when the stage was set."""


@dataclass
class Stage:
    """The portal with a clock of its own; the clients are given out one after another."""

    portal: Portal
    clients: list[Cast]
    requests: count = field(default_factory=lambda: count(1))

    def at(self, days_ago: float) -> Portal:
        """The portal as of some days ago: everything in it happens then."""
        then: datetime = self.portal.now() - timedelta(days=days_ago)
        return replace(self.portal, now=lambda: then)

    def next_client(self) -> Cast:
        """A client to whom nothing has happened yet."""
        return self.clients.pop(0)

    def request(self) -> str:
        """The id of a form."""
        return f"sample-request-{next(self.requests):04d}"

    def method(self, portal: Portal, client: Cast, named: str) -> PaymentMethod:
        """Save one of the sandbox's named methods for a client."""
        till = portal.money.till
        customer = customer_of_client(till, client.client_id, client.email)
        told = portal.gateway.keep_method(customer, named)
        return keep_method(till, told, client_id=client.client_id, actor=ADMIN.user_key)

    def pay(
        self,
        portal: Portal,
        client: Cast,
        named: str,
        lines: Mapping[str | None, int],
        source: Source = Source.STAFF,
    ) -> Payment:
        """Take a payment of a client."""
        method = self.method(portal, client, named)
        return portal.money.take_payment(
            TakePayment(
                actor=ADMIN,
                request_id=self.request(),
                source=source,
                client_id=client.client_id,
                lines=tuple(Line(invoice_id=each, cents=cents) for each, cents in lines.items()),
                method_id=method.method_id,
                payer_name=client.contact,
                payer_email=client.email,
            )
        ).payment


def set_stage(portal: Portal, most: int = 60) -> Stage:
    """Find clients who owe something and have somebody to write to."""
    rows = portal.warehouse.rows(
        "sample/portal/clients_who_owe", currency=portal.settings.currency, most=most
    )
    return Stage(
        portal,
        [
            Cast(
                client_id=row["client_id"],
                client_name=row["client_name"],
                contact=row["billing_contact"] or row["client_name"],
                email=row["billing_email"],
                owes=dict(zip(row["invoice_ids"], row["open_cents"], strict=True)),
            )
            for row in rows
        ],
    )
