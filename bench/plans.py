"""`python -m bench.plans [10000]`: how long does a run of due plan payments take?

Recurring plans of a hundred clients are all due at once; the sandbox answers each at once.
The store is SQLite with every commit on disk, as in a firm that uses the defaults.
"""

import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from portal.domain.payment_policy import PaymentPolicy
from portal.gateways.sandbox.gateway import SandboxGateway
from portal.services.gateway_customers import customer_of_client
from portal.services.keep_method import keep_method
from portal.services.money_ports import ClientCard
from portal.services.plan_access import PlanPolicy
from portal.services.plan_parts import coming
from portal.services.plan_ports import Plan, PlanKind
from portal.services.run_occurrences import RunOccurrences, run_occurrences
from portal.services.settle_occurrences import follow_payments
from portal.services.till import Till
from portal.store import open_store

CLIENTS = 100
LIMIT_SECONDS = 60
NOW = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
POLICY = PlanPolicy(currency="USD", timezone=ZoneInfo("America/New_York"))


class Everybody:
    """A client list in which everybody asked for is found."""

    def client(self, client_id: str) -> ClientCard:
        """The client of that id."""
        return ClientCard(
            client_id=client_id, client_number=client_id, client_name=f"Client {client_id}",
            billing_emails=(f"billing@c{client_id}.example",),
        )  # fmt: skip

    def client_by_number(self, client_number: str) -> ClientCard:
        """The client of that number."""
        return self.client(client_number)


def main() -> int:
    """Prepare, run, tell. Returns: 0 within the limit, else 1."""
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        till = _till(Path(folder))
        _prepare(till, wanted)
        began, worked = time.perf_counter(), time.process_time()
        ran = run_occurrences(
            RunOccurrences(kinds=frozenset(PlanKind)),
            till=till, policy=POLICY, guard=lambda uow: None,
        )  # fmt: skip
        seconds = time.perf_counter() - began
        cpu = time.process_time() - worked
    limit = LIMIT_SECONDS * wanted / 10_000
    print(
        f"{ran.charged:,} of {wanted:,} due payments charged in {seconds:.1f} s "
        f"({ran.charged / seconds:.0f} a second; limit {limit:.0f} s); "
        f"the processor worked {cpu:.1f} s"
    )
    return 0 if ran.charged == wanted and seconds <= limit else 1


def _till(folder: Path) -> Till:
    directory = Everybody()
    return Till(
        store=open_store(f"sqlite:///{folder / 'store.sqlite'}", secret_key="bench"),
        gateway=SandboxGateway(folder / "gateway.sqlite", clock=lambda: NOW, secret="bench"),
        directory=directory,
        clock=lambda: NOW,
        policy=PaymentPolicy(),
        watchers=(follow_payments(directory, POLICY),),
    )


def _prepare(till: Till, wanted: int) -> None:
    methods = []
    for number in range(CLIENTS):
        customer = customer_of_client(till, str(number), "")
        told = till.gateway.keep_method(customer, "visa")
        methods.append(keep_method(till, told, client_id=str(number), actor="bench").method_id)
    with till.store.unit_of_work() as uow:
        for number in range(wanted):
            plan = _plan(number, methods[number % CLIENTS])
            uow.plans.add(plan)
            uow.occurrences.add(coming(plan, [], POLICY.today(NOW), POLICY.days, 7))
        uow.commit()


def _plan(number: int, method_id: str) -> Plan:
    return Plan(
        plan_id=f"PL-{number:06d}",
        request_id=f"bench-request-{number}",
        fingerprint="bench",
        kind=PlanKind.RECURRING,
        client_id=str(number % CLIENTS),
        name=f"Plan {number}",
        method_id=method_id,
        currency="USD",
        amount_cents=10_000,
        frequency="monthly",
        start_date=POLICY.today(NOW),
        authorised_by="bench",
        authorised_text="bench",
        created_by="bench",
        created_at=NOW,
        updated_at=NOW,
    )


if __name__ == "__main__":
    sys.exit(main())
