"""The two gateways side by side: the same questions can be asked of either."""

import itertools
import json
import urllib.parse
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from portal.gateways.sandbox.faults import FaultKind
from portal.gateways.sandbox.gateway import SandboxGateway
from portal.gateways.stripe.gateway import StripeGateway
from portal.services.gateway import Gateway, GatewayPayment, PaymentOrder
from tests.adapters.localstripe_server import StripeStandIn

START = datetime(2026, 6, 30, 16, 0, tzinfo=UTC)
TEST_KEY = "sk_test_" + "loopback"
ELSEWHERE = {
    FaultKind.CONNECTION_REFUSED: "http://127.0.0.1:1",
    FaultKind.NAME_NOT_FOUND: "http://no..name",
    FaultKind.NO_ENCRYPTION: "https://127.0.0.1:{port}",
}
"""Faults that happen before anybody is reached."""
HANGING = (FaultKind.TIMEOUT_BEFORE, FaultKind.HANGS_AFTER)
TRIES = 3
"""So often the Stripe adapter asks before it gives up."""


class Bench(Protocol):
    """One gateway, and the hands of a test behind it."""

    gateway: Gateway

    def customer(self) -> str: ...
    def method(self, fate: str, customer: str) -> str: ...
    def broken(self, kind: FaultKind) -> Gateway: ...
    def charges(self, our_id: str, customer: str) -> int: ...


class Shared:
    """What a case does on either gateway."""

    gateway: Gateway
    _count = itertools.count(1)

    def key(self) -> str:
        """A key nobody has used."""
        return f"key-{next(self._count)}"

    def our_id(self) -> str:
        """A payment id of ours nobody has used."""
        return f"PI-{next(self._count):04d}-0001"

    def customer(self) -> str:
        """Somebody new."""
        number = next(self._count)
        return self.gateway.customer(
            str(number), f"Client {number}", f"c{number}@client.test", key=self.key()
        )

    def order(self, fate: str = "works", **more: object) -> PaymentOrder:
        """An order of 123.45 by somebody new, with a method of this fate."""
        customer = self.customer()
        values = {
            "our_id": self.our_id(),
            "customer_ref": customer,
            "method_ref": self.method(fate, customer),
            "amount_cents": 12_345,
            "currency": "USD",
        }
        return PaymentOrder(**(values | more))

    def start(self, fate: str = "works", **more: object) -> GatewayPayment:
        """A payment that waits."""
        return self.gateway.start_payment(self.order(fate, **more), key=self.key())

    def paid(self, fate: str = "works", **more: object) -> GatewayPayment:
        """A payment that was confirmed."""
        started = self.start(fate, **more)
        return self.gateway.confirm_payment(started.ref, key=self.key())


class SandboxBench(Shared):
    """The sandbox, in a folder of its own."""

    name = "sandbox"
    fates = {"works": "visa", "declines": "no_funds", "asks": "bank_asks"}  # noqa: RUF012

    def __init__(self, home: Path) -> None:
        self.time = START
        self.gateway: SandboxGateway = SandboxGateway(
            home / "sandbox.sqlite", clock=lambda: self.time, secret="s", pause=lambda _: None
        )

    def method(self, fate: str, customer: str) -> str:
        """A kept method of this fate, or a named one."""
        return self.gateway.keep_method(customer, self.fates.get(fate, fate)).ref

    def broken(self, kind: FaultKind) -> SandboxGateway:
        """The gateway, whose next call goes wrong."""
        self.gateway.plan_faults(kind)
        return self.gateway

    def charges(self, our_id: str, customer: str) -> int:
        """How often money was taken under our id, counted in the sandbox's own file."""
        with self.gateway._file.reading() as book:
            found = book._connection.execute(
                "select count(*) from entries join payments on payments.ref = entries.payment_ref "
                "where payments.our_id = ? and entries.kind = 'payment'",
                (our_id,),
            )
            return found.fetchone()[0]

    def move(self, **ahead: float) -> None:
        """Let time pass."""
        self.time += timedelta(**ahead)

    def forget_faults(self) -> None:
        """A fault of the sandbox is over once it was met."""

    def close(self) -> None:
        """Let go."""
        self.gateway.close()


class StripeBench(Shared):
    """The Stripe adapter in front of the stand-in."""

    name = "stripe"
    fates = {"works": "pm_card_visa", "declines": "pm_card_chargeCustomerFail"}  # noqa: RUF012

    def __init__(self, server: StripeStandIn) -> None:
        self.server = server
        server.proxy.faults.clear()
        server.proxy.log.clear()
        self.gateway: StripeGateway = self._at(server.url)

    def method(self, fate: str, customer: str) -> str:
        """A kept method of this fate."""
        if fate == "asks":
            card = {"number": "4000000000003220", "exp_month": 12, "exp_year": 2030, "cvc": "123"}
            fields = {f"card[{name}]": value for name, value in card.items()}
            made = self._post("/v1/payment_methods", {"type": "card"} | fields)
        else:
            made = self._get(f"/v1/payment_methods/{self.fates[fate]}")
        return self._post(f"/v1/payment_methods/{made['id']}/attach", {"customer": customer})["id"]

    def broken(self, kind: FaultKind) -> StripeGateway:
        """A gateway whose next call goes wrong, however often the adapter tries it."""
        if kind in ELSEWHERE:
            return self._at(ELSEWHERE[kind].format(port=self.server.url.rpartition(":")[2]))
        self.server.proxy.faults.extend([kind.value] * TRIES)
        return self._at(self.server.url, 0.3) if kind in HANGING else self.gateway

    def charges(self, our_id: str, customer: str) -> int:
        """How often money was taken under our id, counted upstream."""
        self.server.proxy.faults.clear()
        intents = self._get("/v1/payment_intents?limit=10000")["data"]
        mine = {each["id"] for each in intents if each["metadata"].get("our_id") == our_id}
        charges = self._get("/v1/charges?limit=10000")["data"]
        return sum(each["paid"] and each["payment_intent"] in mine for each in charges)

    def asked(self, end: str) -> list:
        """What the adapter asked at addresses that end so."""
        return [each for each in self.server.proxy.log if each.path.endswith(end)]

    def forget_faults(self) -> None:
        """Let nothing more go wrong."""
        self.server.proxy.faults.clear()

    def close(self) -> None:
        """Leave nothing planned."""
        self.forget_faults()

    def _at(self, url: str, seconds_to_answer: float = 10) -> StripeGateway:
        return StripeGateway(
            secret_key=TEST_KEY, webhook_secret="whsec_loopback", live=False, base_url=url,
            pause=lambda _: None, seconds_to_answer=seconds_to_answer,
        )  # fmt: skip

    def _get(self, path: str) -> dict:
        return self._ask(urllib.request.Request(self.server.localstripe_url + path))

    def _post(self, path: str, fields: dict) -> dict:
        body = urllib.parse.urlencode(fields).encode()
        return self._ask(urllib.request.Request(self.server.localstripe_url + path, body))

    def _ask(self, request: urllib.request.Request) -> dict:
        request.add_header("Authorization", f"Bearer {TEST_KEY}")
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)
