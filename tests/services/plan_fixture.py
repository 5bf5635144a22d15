"""Two clients who owe something and have saved methods: what tests of payment plans need."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from portal.domain.payment_policy import PaymentPolicy
from portal.domain.permissions import Permission, Principal
from portal.domain.schedules import Frequency, RecurringTerms
from portal.services.gateway_customers import customer_of_client
from portal.services.gateway_states import MethodKind
from portal.services.keep_method import keep_method
from portal.services.money_ports import ClientCard, Mandate, Payment, PaymentMethod
from portal.services.plan_access import PlanPolicy
from portal.services.plan_ports import PlanKind
from portal.services.ports import Store
from portal.services.remind_autopay import remind_autopay
from portal.services.run_occurrences import RunOccurrences, run_occurrences
from portal.services.settle_occurrences import follow_payments
from portal.services.settle_unknown import SettleUnknown, settle_unknown
from portal.services.start_autopay import StartAutopay, start_autopay
from portal.services.start_installments import StartInstallments, start_installments
from portal.services.start_recurring import StartRecurring, start_recurring
from portal.services.till import Till
from tests.access_fixture import HandClock
from tests.adapters.money_rows import a_balance

MORNING = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
"""A Monday, nine in the morning in New York."""
TODAY = date(2026, 3, 2)
POLICY = PlanPolicy(currency="USD", timezone=ZoneInfo("America/New_York"), buffer_days=5)
ADMIN = Principal(
    user_key="local:ann",
    full_name="Ann",
    email="ann@firm.example",
    permissions=frozenset(Permission),
)


@dataclass
class Clients:
    """The clients the firm shows."""

    cards: dict[str, ClientCard] = field(
        default_factory=lambda: {
            client_id: ClientCard(
                client_id=client_id,
                client_number=f"N-{client_id}",
                client_name=f"Client {client_id}",
                partner_id="p1",
                manager_id="m1",
                responsible_name="Rae",
                responsible_email="rae@firm.example",
                billing_emails=(f"billing@{client_id}.example",),
            )
            for client_id in ("c1", "c2")
        }
    )

    def client(self, client_id: str) -> ClientCard | None:
        return self.cards.get(client_id)

    def client_by_number(self, client_number: str) -> ClientCard | None:
        return next((c for c in self.cards.values() if c.client_number == client_number), None)


@dataclass
class Desk:
    """A store with balances and methods, and the commands of plans with their ports filled in."""

    store: Store
    clock: HandClock = field(default_factory=lambda: HandClock(MORNING))
    directory: Clients = field(default_factory=Clients)
    policy: PlanPolicy = POLICY
    gateway: Any = None
    is_new: bool = True

    def __post_init__(self) -> None:
        if self.is_new:
            self.fill()

    def fill(self) -> None:
        """Put the balances and methods into a new store."""
        with self.store.unit_of_work() as uow:
            uow.balances.replace_all(
                [
                    a_balance("i1", open_cents=10_000, due_date=date(2026, 2, 1)),
                    a_balance("i2", open_cents=5_000, due_date=date(2026, 1, 1)),
                    a_balance("i3", client_id="c2", open_cents=7_000),
                ],
                1,
                MORNING,
            )
            for client_id in ("c1", "c2"):
                uow.methods.save(a_method(f"card-{client_id}", client_id))
                bank = a_method(f"bank-{client_id}", client_id, kind=MethodKind.ACH, brand="Bank")
                uow.methods.save(bank)
                uow.mandates.add(a_mandate(bank.method_id))
            uow.commit()

    @property
    def till(self) -> Till:
        """What moves money, with the plans following their payments."""
        return Till(
            store=self.store,
            gateway=self.gateway,
            directory=self.directory,
            clock=self.clock,
            policy=PaymentPolicy(),
            watchers=(follow_payments(self.directory, self.policy),),
        )

    def method(self, named: str, client_id: str = "c1") -> str:
        """Save one of the sandbox's named methods. Returns: its id."""
        customer = customer_of_client(self.till, client_id, "")
        told = self.gateway.keep_method(customer, named)
        kept = keep_method(self.till, told, client_id=client_id, actor="test")
        with self.store.unit_of_work() as uow:
            if kept.kind is MethodKind.ACH and uow.mandates.standing(kept.method_id) is None:
                uow.mandates.add(a_mandate(kept.method_id))
                uow.commit()
        return kept.method_id

    def run(self, *kinds: PlanKind, retries: bool = False) -> dict[str, object]:
        """One run of the job that charges what is due. Returns: what it counted."""
        command = RunOccurrences(kinds=frozenset(kinds or PlanKind), retries=retries)
        return run_occurrences(
            command, till=self.till, policy=self.policy, guard=lambda uow: None
        ).counts()

    def remind(self) -> int:
        """One run of the reminders. Returns: how many went out."""
        return remind_autopay(guard=lambda uow: None, **self.rules).reminded

    def settle(self, **time: float) -> None:
        """Let time pass and hear what became of payments."""
        self.clock.pass_(**time)
        settle_unknown(SettleUnknown(looks_back=True), **self.tools)

    def payments(self, client_id: str = "c1") -> list[Payment]:
        """The client's payments, oldest first."""
        with self.store.reading() as view:
            found = view.payments.of_client(client_id)
        return sorted(found, key=lambda each: each.action_no)

    def states(self, plan_id: str) -> list[str]:
        """Where the plan's payments stand, in order."""
        return [each.state.value for each in self.occurrences(plan_id)]

    @property
    def tools(self) -> dict[str, Any]:
        """What commands of money need."""
        return {name: value for name, value in vars(self.till).items() if name != "pause"}

    @property
    def ports(self) -> dict[str, object]:
        """What most commands need."""
        return {"store": self.store, "directory": self.directory, "clock": self.clock}

    @property
    def rules(self) -> dict[str, object]:
        """The same with the firm's rules."""
        return {**self.ports, "policy": self.policy}

    def recurring(self, **changes: object):
        terms = {
            "amount_cents": 5_000,
            "frequency": Frequency.MONTHLY,
            "start_date": TODAY,
        }
        terms |= {name: changes.pop(name) for name in list(changes) if name in _TERMS}
        asked = {
            "request_id": "request-recurring",
            "actor": ADMIN,
            "client_id": "c1",
            "name": "Bookkeeping",
            "method_id": "card-c1",
            "terms": RecurringTerms(**terms),
            "is_authorised": True,
        }
        return start_recurring(StartRecurring(**{**asked, **changes}), **self.rules)

    def autopay(self, **changes: object):
        asked = {
            "request_id": "request-autopay",
            "actor": ADMIN,
            "client_id": "c1",
            "method_id": "card-c1",
            "day_of_month": 20,
            "is_authorised": True,
        }
        return start_autopay(StartAutopay(**{**asked, **changes}), **self.rules)

    def installments(self, **changes: object):
        asked = {
            "request_id": "request-installments",
            "actor": ADMIN,
            "client_id": "c1",
            "name": "Tax return in three",
            "method_id": "card-c1",
            "invoice_ids": ("i1", "i2"),
            "seen_cents": 15_000,
            "count": 3,
            "frequency": Frequency.MONTHLY,
            "start_date": TODAY,
            "is_authorised": True,
        }
        return start_installments(StartInstallments(**{**asked, **changes}), **self.rules)

    def plan(self, plan_id: str):
        with self.store.reading() as view:
            return view.plans.find(plan_id)

    def occurrences(self, plan_id: str):
        with self.store.reading() as view:
            return view.occurrences.of_plan(plan_id)

    def audit_actions(self) -> list[str]:
        with self.store.reading() as view:
            return [row.action for row in view.audit.rows()][::-1]


_TERMS = {
    "amount_cents", "frequency", "start_date", "end_date", "occurrence_limit", "total_cents",
}  # fmt: skip


def a_method(method_id: str, client_id: str, **changes: object) -> PaymentMethod:
    known = {
        "method_id": method_id,
        "client_id": client_id,
        "gateway": "sandbox",
        "customer_ref": f"cus-{client_id}",
        "gateway_ref": f"pm-{method_id}",
        "kind": MethodKind.CREDIT,
        "brand": "Visa",
        "last4": "4242",
        "exp_month": 12,
        "exp_year": 2030,
        "created_by": "local:ann",
        "created_at": MORNING,
    }
    return PaymentMethod(**{**known, **changes})


def a_mandate(method_id: str) -> Mandate:
    return Mandate(
        mandate_id=f"m-{method_id}",
        method_id=method_id,
        wording="I authorize debits.",
        wording_hash="h",
        wording_version="1",
        agreed_by="billing@c1.example",
        agreed_at=MORNING,
        address="192.0.2.1",
    )
