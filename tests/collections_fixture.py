"""A firm whose debts are said by hand: what tests of collections need."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from portal.collections_desk import CollectionsDesk
from portal.domain.account_activity import Entry
from portal.domain.clients import ClientCard
from portal.domain.collection_rules import CollectionRules, Mode, PartnerCopy, Trigger
from portal.domain.permissions import Permission, Principal
from portal.domain.promises import Payment
from portal.domain.statement_days import Window, reached_on
from portal.domain.statements import Account, Addressee, OpenInvoice
from portal.services.save_collection_rules import SaveCollectionRules
from portal.services.statement_letter import Sender
from portal.store import Store, open_store
from tests.access_fixture import HandClock
from tests.adapters.store_backends import copy_of_tables

NEW_YORK = ZoneInfo("America/New_York")
MORNING = datetime(2026, 6, 30, 16, 0, tzinfo=UTC)
"""A Tuesday, half an hour after the run."""
TODAY = date(2026, 6, 30)
RULES = CollectionRules(
    triggers=(
        Trigger(days=30),
        Trigger(days=60, mode=Mode.AUTOMATIC),
        Trigger(days=91, partner=PartnerCopy.CC),
    )
)
CAROL = Principal(
    user_key="local:carol",
    full_name="Carol Ito",
    email="carol@firm.test",
    permissions=frozenset(Permission),
)
PETE = replace(
    CAROL,
    user_key="local:pete",
    full_name="Pete Rowe",
    permissions=frozenset(Permission) - {Permission.ALL_CLIENTS},
    staff_id="1",
)


@dataclass
class SpokenDebts:
    """Receivables that a test says."""

    known: dict[str, Account] = field(default_factory=dict)
    paid: dict[str, list[Payment]] = field(default_factory=dict)
    posted: dict[str, list[Entry]] = field(default_factory=dict)

    def accounts_reaching(
        self, due_days: Iterable[date], invoice_days: Iterable[date]
    ) -> list[Account]:
        due, made = set(due_days), set(invoice_days)
        return [
            one
            for one in self.known.values()
            if any(i.due_date in due or i.invoice_date in made for i in one.invoices)
        ]

    def accounts(self, client_ids: Iterable[str]) -> list[Account]:
        asked = [self.known[one] for one in client_ids if one in self.known]
        return [one for one in asked if one.invoices]

    def payments(self, client_ids: Iterable[str], since: date) -> Mapping[str, list[Payment]]:
        return {
            one: [p for p in self.paid.get(one, []) if p.paid_on >= since] for one in client_ids
        }

    def entries(self, client_id: str, currency: str, until: date) -> list[Entry]:
        return [one for one in self.posted.get(client_id, []) if one.day <= until]


@dataclass
class SpokenClients:
    """The clients of the spoken debts, as commands find them."""

    debts: SpokenDebts

    def client(self, client_id: str) -> ClientCard | None:
        one = self.debts.known.get(client_id)
        if one is None:
            return None
        return ClientCard(
            client_id=one.client_id,
            client_number=one.client_number,
            client_name=one.client_name,
            partner_id=one.partner_id,
            manager_id=one.manager_id,
            responsible_name="Cleo Marsh",
            responsible_email="cleo@firm.test",
        )

    def client_by_number(self, client_number: str) -> ClientCard | None:
        found = [k for k, v in self.debts.known.items() if v.client_number == client_number]
        return self.client(found[0]) if len(found) == 1 else None


@dataclass
class Firm:
    """One firm with its store, its clock and its desk."""

    store: Store
    debts: SpokenDebts = field(default_factory=SpokenDebts)
    clock: HandClock = field(default_factory=lambda: HandClock(MORNING))
    rules: CollectionRules = RULES

    @property
    def desk(self) -> CollectionsDesk:
        return CollectionsDesk(
            store=self.store,
            receivables=self.debts,
            directory=SpokenClients(self.debts),
            sender=Sender(firm_name="Hartwell & Rowe LLP"),
            timezone=NEW_YORK,
            now=self.clock,
        )

    def save_rules(self, rules: CollectionRules = RULES) -> None:
        with self.store.reading() as view:
            version = view.rules.current().version
        self.desk.save_rules(SaveCollectionRules(actor=CAROL, rules=rules, based_on=version))

    def owes(self, client_id: str, *invoices: OpenInvoice, **changes: object) -> Account:
        """Say what a client owes."""
        asked = {
            "client_id": client_id,
            "client_number": f"C-{client_id}",
            "client_name": f"Client {client_id}",
            "partner_id": "1",
            "manager_id": "3",
            "partner": Addressee(email="ada@firm.test", name="Ada Quill"),
            "responsible": Addressee(email="cleo@firm.test", name="Cleo Marsh"),
            "recipients": (Addressee(email=f"ann@{client_id}.test", name="Ann Bell"),),
            "invoices": invoices,
        }
        self.debts.known[client_id] = Account(**{**asked, **changes})
        return self.debts.known[client_id]


def a_firm(home: Path, rules: CollectionRules = RULES) -> Firm:
    """A firm with an empty store and rules of its own."""
    copy_of_tables(home / "store.sqlite")
    firm = Firm(store=open_store(f"sqlite:///{home / 'store.sqlite'}", secret_key="test"))
    firm.save_rules(rules)
    return firm


def overdue(
    days: int, invoice_id: str = "100", cents: int = 50_000, on: date = TODAY
) -> OpenInvoice:
    """An invoice that is so many days past its due date on a day."""
    due = on - timedelta(days=days)
    return OpenInvoice(
        invoice_id=invoice_id,
        invoice_number=f"INV-{invoice_id}",
        invoice_date=due - timedelta(days=30),
        due_date=due,
        currency="USD",
        open_cents=cents,
    )


def reached_today(account: Account, rules: CollectionRules, window: Window) -> bool:
    """Whether an invoice of the client reaches a trigger's age within a window."""
    return any(
        window.holds(reached_on(trigger, one.invoice_date, one.due_date))
        for trigger in rules.triggers
        for one in account.invoices
    )
