"""A firm's money in one hand: store, sandbox gateway, two clients, people, short commands."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from portal.domain.applications import Line
from portal.domain.fees import FeePolicy
from portal.domain.payment_policy import PaymentPolicy
from portal.domain.permissions import Permission, Principal
from portal.gateways.sandbox.gateway import SandboxGateway
from portal.gateways.sandbox.rows import PaymentRow
from portal.services.gateway_customers import customer_of_client
from portal.services.keep_method import keep_method
from portal.services.money_actors import Actor
from portal.services.money_ports import (
    ClientCard,
    OpenBalance,
    Payment,
    PaymentItem,
    PaymentMethod,
    Refund,
    Source,
)
from portal.services.record_balances import RecordBalances, record_balances
from portal.services.request_refund import RequestRefund, request_refund
from portal.services.settle_unknown import Settled, SettleUnknown, settle_unknown
from portal.services.take_payment import Taken, TakePayment, take_payment
from portal.services.till import Till
from portal.store import Store
from tests.access_fixture import HandClock

ADMIN = Principal("local:admin", "Ada Admin", "ada@firm.example", permissions=frozenset(Permission))
SECOND = Principal(
    "local:second", "Sam Second", "sam@firm.example", permissions=frozenset(Permission)
)
PARTNER = Principal(
    "local:pat", "Pat Partner", "pat@firm.example",
    permissions=frozenset(Permission) - {Permission.ALL_CLIENTS}, staff_id="p1",
)  # fmt: skip
LOOKER = Principal(
    "local:lou", "Lou Looker", "lou@firm.example",
    permissions=frozenset({Permission.VIEW_CLIENTS, Permission.ALL_CLIENTS}),
)  # fmt: skip
CLIENTS = (
    ClientCard(
        client_id="c1", client_number="100", client_name="Alder & Sons", partner_id="p1",
        partner_email="pat@firm.example", billing_emails=("books@alder.example",),
    ),
    ClientCard(client_id="c2", client_number="200", client_name="Birch LLC", partner_id="p2"),
)  # fmt: skip
POLICY = PaymentPolicy(firm_name="Oak & Co", fees=FeePolicy(basis_points=300))


@dataclass
class Directory:
    """The clients the firm shows."""

    cards: tuple[ClientCard, ...] = CLIENTS

    def client(self, client_id: str) -> ClientCard | None:
        return next((card for card in self.cards if card.client_id == client_id), None)

    def client_by_number(self, client_number: str) -> ClientCard | None:
        return next((card for card in self.cards if card.client_number == client_number), None)


def invoice(invoice_id: str, open_cents: int = 10_000, **changes: Any) -> OpenBalance:
    known = {
        "invoice_id": invoice_id,
        "client_id": "c1",
        "invoice_number": f"INV-{invoice_id}",
        "entry_kind": "invoice",
        "invoice_date": date(2026, 5, 1),
        "due_date": date(2026, 6, 1),
        "currency": "USD",
        "amount_cents": max(open_cents, 1),
        "open_cents": open_cents,
        "is_disputed": False,
        "partner_id": "p1",
        "manager_id": None,
    }
    return OpenBalance(**{**known, **changes})


@dataclass
class MoneyDesk:
    """The commands of money with everything they need at hand."""

    store: Store
    gateway: Any
    clock: HandClock = field(default_factory=HandClock)
    directory: Directory = field(default_factory=Directory)
    policy: PaymentPolicy = POLICY
    versions: itertools.count = field(default_factory=lambda: itertools.count(1))
    numbers: itertools.count = field(default_factory=lambda: itertools.count(1))

    @property
    def tools(self) -> dict[str, Any]:
        return {
            "store": self.store,
            "gateway": self.gateway,
            "directory": self.directory,
            "clock": self.clock,
            "policy": self.policy,
        }

    @property
    def till(self) -> Till:
        return Till(**self.tools, pause=lambda seconds: None)

    def request(self) -> str:
        return f"request-{next(self.numbers):04d}"

    def owe(self, *balances: OpenBalance, **changes: Any) -> int:
        command = RecordBalances(version=next(self.versions), balances=balances, **changes)
        return record_balances(command, store=self.store, clock=self.clock)

    def method(self, named: str = "visa", client_id: str = "c1") -> PaymentMethod:
        customer = customer_of_client(self.till, client_id, "")
        told = self.gateway.keep_method(customer, named)
        return keep_method(self.till, told, client_id=client_id, actor="test")

    def take(self, actor: Actor = ADMIN, *, lines: dict[str | None, int], **changes: Any) -> Taken:
        asked = {
            "actor": actor,
            "request_id": self.request(),
            "source": Source.STAFF,
            "client_id": "c1",
            "lines": tuple(Line(invoice_id=one, cents=cents) for one, cents in lines.items()),
            "payer_email": "payer@alder.example",
            "return_url": "http://127.0.0.1:8501/back",
        }
        guard = changes.pop("guard", None)
        return take_payment(TakePayment(**{**asked, **changes}), guard=guard, **self.tools)

    def pay(self, lines: dict[str | None, int], named: str = "visa", **changes: Any) -> Payment:
        client_id = changes.get("client_id", "c1")
        method_id = self.method(named, client_id).method_id
        return self.take(lines=lines, method_id=method_id, **changes).payment

    def refund(self, payment_id: str, actor: Principal = ADMIN, **changes: Any) -> Refund:
        asked = {
            "actor": actor,
            "request_id": self.request(),
            "payment_id": payment_id,
            "reason": "paid twice",
        }
        return request_refund(RequestRefund(**{**asked, **changes}), **self.tools)

    def settle(self, *, minutes: float = 10, looks_back: bool = False) -> Settled:
        self.clock.pass_(minutes=minutes)
        return settle_unknown(SettleUnknown(looks_back=looks_back), **self.tools)

    def read(self, look: Callable[[Any], Any]) -> Any:
        with self.store.reading() as view:
            return look(view)

    def payment(self, payment_id: str) -> Payment:
        return self.read(lambda view: view.payments.find(payment_id))

    def items(self, payment_id: str) -> list[PaymentItem]:
        return self.read(lambda view: view.payments.items(payment_id))

    def payable(self, invoice_id: str) -> int | None:
        return self.read(lambda view: view.balances.payable([invoice_id])).get(invoice_id)

    def letters(self, kind: str) -> list[Any]:
        keys = self.read(
            lambda view: view._connection.exec_driver_sql(
                "select letter_id from letters"
            ).fetchall()
        )
        found = [self.read(lambda view, key=key: view.outbox.find(key)) for (key,) in keys]
        return [one.letter for one in found if one.letter.kind == kind]

    def exceptions(self) -> list[str]:
        return [one.kind for one in self.read(lambda view: view.exceptions.open())]

    def captured_at_gateway(self) -> int:
        """What the gateway has taken in all, fees included, less what it has sent back."""
        return sum(
            row.captured_cents - row.refunded_cents for row in gateway_rows(self, PaymentRow)
        )

    def charges(self) -> int:
        """How many payments the gateway has taken money for."""
        return sum(row.captured_cents > 0 for row in gateway_rows(self, PaymentRow))


def gateway_rows(desk: MoneyDesk, kind: type) -> list[Any]:
    """What the sandbox has written down."""
    with desk.gateway._file.reading() as book:
        return book._rows(kind, "")


def a_gateway(folder: Path, clock: HandClock) -> SandboxGateway:
    return SandboxGateway(
        folder / "gateway.sqlite", clock=clock, secret="s", pause=lambda seconds: None
    )


def a_desk(store: Store, folder: Path, **changes: Any) -> MoneyDesk:
    clock = HandClock()
    return MoneyDesk(store=store, gateway=a_gateway(folder, clock), clock=clock, **changes)


def let_time_pass(desk: MoneyDesk, **time: float) -> None:
    """Both clocks: ours, and so the sandbox's, which is ours."""
    desk.clock.now += timedelta(**time)
