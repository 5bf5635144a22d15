"""`python -m bench.payments [seconds]`: how fast are payments taken?

Saved cards of many clients with many invoices, the sandbox gateway, SQLite with every commit on
disk. Payments are offered 50 a second, then as fast as they go; the gateway's own time is measured
and taken off. What the processor worked is told apart: on a busy machine the rest is waiting.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from bench.plans import Everybody
from portal.domain.applications import Line
from portal.domain.payment_policy import PaymentPolicy
from portal.domain.payment_states import PaymentState
from portal.gateways.sandbox.gateway import SandboxGateway
from portal.services.gateway_customers import customer_of_client
from portal.services.keep_method import keep_method
from portal.services.money_actors import ByItself
from portal.services.money_ports import OpenBalance, Source
from portal.services.record_balances import RecordBalances, record_balances
from portal.services.take_payment import TakePayment, take_payment
from portal.services.till import Till
from portal.store import open_store

CLIENTS = 50
INVOICES = 40
"""Of each client: they are paid in part, one after the other."""
OFFERED = 50
P50_MS, P99_MS, SATURATED = 20, 150, 100


class Timed:
    """A gateway whose own time is counted apart."""

    def __init__(self, gateway: SandboxGateway) -> None:
        self._gateway = gateway
        self.seconds = 0.0

    def __getattr__(self, name: str) -> Any:
        """A call of the gateway, or what it has."""
        real = getattr(self._gateway, name)
        if not callable(real):
            return real

        def timed(*given: object, **more: object) -> object:
            began = time.perf_counter()
            try:
                return real(*given, **more)
            finally:
                self.seconds += time.perf_counter() - began

        return timed


def main() -> int:
    """Measure and tell. Returns: 0 within the limits, else 1."""
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        pay, gateway = _desk(Path(folder))
        offered = _run(pay, gateway, seconds, every=1 / OFFERED)
        began, worked = time.perf_counter(), time.process_time()
        fast = _run(pay, gateway, seconds, every=0)
        rate = len(fast) / (time.perf_counter() - began - gateway.seconds)
        cpu = (time.process_time() - worked) / len(fast) * 1000
    p50, p99 = statistics.median(offered), statistics.quantiles(offered, n=100)[98]
    print(f"offered {OFFERED} a second: p50 {p50:.1f} ms (limit {P50_MS}), p95 "
          f"{statistics.quantiles(offered, n=20)[18]:.1f} ms, p99 {p99:.1f} ms (limit {P99_MS}), "
          f"longest {max(offered):.0f} ms")  # fmt: skip
    print(f"one after the other: {rate:.0f} payments a second (limit {SATURATED}); the processor "
          f"worked {cpu:.1f} ms a payment, the gateway's part included")  # fmt: skip
    return 0 if p50 <= P50_MS and p99 <= P99_MS and rate >= SATURATED else 1


def _run(pay: Callable[[int], None], gateway: Timed, seconds: int, *, every: float) -> list[float]:
    """Milliseconds of each payment, without the gateway's."""
    taken: list[float] = []
    gateway.seconds, start, number = 0.0, time.perf_counter(), 0
    while time.perf_counter() - start < seconds:
        number += 1
        before, began = gateway.seconds, time.perf_counter()
        pay(number)
        spent = time.perf_counter() - began - (gateway.seconds - before)
        taken.append(spent * 1000)
        wait = start + number * every - time.perf_counter()
        if every and wait > 0:
            time.sleep(wait)
    return taken


def _desk(folder: Path) -> tuple[Callable[[int], None], Timed]:
    now = datetime.now(UTC)
    store = open_store(f"sqlite:///{folder / 'store.sqlite'}", secret_key="bench")
    gateway = Timed(SandboxGateway(folder / "gateway.sqlite", clock=lambda: now, secret="bench"))
    till = Till(store=store, gateway=gateway, directory=Everybody(), clock=lambda: now,
                policy=PaymentPolicy())  # fmt: skip
    owed = [
        _owed(f"c{number}-{place}", f"c{number}")
        for number in range(CLIENTS)
        for place in range(INVOICES)
    ]
    record_balances(RecordBalances(version=1, balances=owed), store=store, clock=lambda: now)
    methods = []
    for number in range(CLIENTS):
        customer = customer_of_client(till, f"c{number}", "")
        told = gateway.keep_method(customer, "visa")
        methods.append(keep_method(till, told, client_id=f"c{number}", actor="bench").method_id)
    made = iter(range(10**9))

    def pay(_: int) -> None:
        each = next(made)
        client, place = each % CLIENTS, each // CLIENTS % INVOICES
        command = TakePayment(
            actor=ByItself("bench"), request_id=f"bench-{each:08d}", source=Source.STAFF,
            client_id=f"c{client}", lines=(Line(invoice_id=f"c{client}-{place}", cents=100),),
            method_id=methods[client], payer_email="payer@example.com",
        )  # fmt: skip
        taken = take_payment(command, store=store, gateway=gateway, directory=till.directory,
                             clock=till.clock, policy=till.policy)  # fmt: skip
        assert taken.payment.state is PaymentState.SUCCEEDED

    return pay, gateway


def _owed(invoice_id: str, client_id: str) -> OpenBalance:
    return OpenBalance(
        invoice_id=invoice_id, client_id=client_id, invoice_number=invoice_id,
        entry_kind="invoice", invoice_date=date(2026, 1, 1), due_date=None, currency="USD",
        amount_cents=10**9, open_cents=10**9, is_disputed=False, partner_id=None,
        manager_id=None,
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
