"""A firm whose invoices and contacts are said by hand: what tests of mails and documents need."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from portal.correspondence_desk import CorrespondenceDesk
from portal.domain.clients import ClientCard
from portal.domain.correspondence import MailContact, MailInvoice
from portal.firm_toml.mail import MailSettings
from portal.services.mail_ports import LetterState, StoredLetter
from portal.settings import Access, Settings
from portal.store import Store, open_store
from tests.access_fixture import HandClock
from tests.adapters.store_backends import copy_of_tables

MORNING = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
A_PDF = b"%PDF-1.7\nan invoice\n%%EOF\n"


def an_invoice(invoice_id: str, **changes: object) -> MailInvoice:
    """An open invoice of client 10."""
    known = {
        "invoice_id": invoice_id,
        "invoice_number": f"INV-{int(invoice_id):04}",
        "client_id": "10",
        "client_name": "Ann's Bakery & Sons",
        "client_number": "C-10",
        "currency": "USD",
        "open_cents": 125_000,
        "invoice_date": date(2026, 11, 1),
        "due_date": date(2026, 12, 1),
        "partner_id": "1",
        "manager_id": "3",
        "responsible_name": "Cleo Marsh",
        "responsible_email": "cleo@firm.test",
    }
    return MailInvoice(**{**known, **changes})


def a_contact(email: str, **changes: object) -> MailContact:
    """Somebody who receives invoices."""
    known = {"full_name": "Ann Baker", "email": email, "receives_invoices": True,
             "receives_statements": True}  # fmt: skip
    return MailContact(**{**known, **changes})


@dataclass
class SpokenCorrespondence:
    """Invoices and contacts that a test says."""

    invoices: dict[str, MailInvoice] = field(default_factory=dict)
    people: dict[str, list[MailContact]] = field(default_factory=dict)

    def invoice(self, invoice_id: str) -> MailInvoice | None:
        return self.invoices.get(invoice_id)

    def contacts(self, client_id: str) -> list[MailContact]:
        return self.people.get(client_id, [])

    def invoices_by_number(self, numbers: Iterable[str]) -> list[tuple[str, str]]:
        wanted = {number.strip().upper() for number in numbers}
        return [
            (one.invoice_id, one.invoice_number)
            for one in self.invoices.values()
            if one.invoice_number.upper() in wanted
        ]

    def client(self, client_id: str) -> ClientCard | None:
        for one in self.invoices.values():
            if one.client_id == client_id:
                return ClientCard(
                    client_id=client_id,
                    client_number=one.client_number,
                    client_name=one.client_name,
                    partner_id=one.partner_id,
                    manager_id=one.manager_id,
                )
        return None

    def client_by_number(self, client_number: str) -> ClientCard | None:
        return None


@dataclass
class MailFirm:
    """One firm, its store, its clock and its desk of mails and documents."""

    home: Path
    store: Store
    spoken: SpokenCorrespondence
    clock: HandClock
    mail: MailSettings = field(default_factory=MailSettings)

    @property
    def desk(self) -> CorrespondenceDesk:
        return CorrespondenceDesk(
            settings=settings_of(self.home, self.mail),
            store=self.store,
            correspondence=self.spoken,
            directory=self.spoken,
            now=self.clock,
        )

    def letters(self) -> list[StoredLetter]:
        """All letters about client 10 and 20, oldest first."""
        with self.store.reading() as view:
            found = [*view.outbox.of_client("10"), *view.outbox.of_client("20")]
        return sorted(found, key=lambda one: one.seq)

    def states(self) -> list[LetterState]:
        return [one.state for one in self.letters()]


def settings_of(home: Path, mail: MailSettings) -> Settings:
    """The settings of a firm without a source."""
    return Settings(
        home=home,
        firm_name="Hartwell & Lowe, CPAs",
        timezone=ZoneInfo("America/New_York"),
        currency="USD",
        public_url="https://pay.hartwell.example",
        source=None,
        mapping={},
        access=Access(),
        modules={},
        aging_edges=(30, 60, 90, 120),
        store_url=f"sqlite:///{home / 'store.sqlite'}",
        secret_key="test",
        mail=mail,
    )


def a_mail_firm(home: Path, **mail: object) -> MailFirm:
    """A firm with two clients: 10 has invoices 1, 2 (open) and 3 (paid); 20 has invoice 4."""
    spoken = SpokenCorrespondence()
    for invoice in (
        an_invoice("1"),
        an_invoice("2", open_cents=50_000),
        an_invoice("3", open_cents=0),
        an_invoice("4", client_id="20", partner_id="2", manager_id="4", client_name="Bob Ltd"),
    ):
        spoken.invoices[invoice.invoice_id] = invoice
    spoken.people = {
        "10": [
            a_contact("ann@client.example"),
            a_contact("eve@client.example", receives_invoices=False),
        ],
        "20": [a_contact("bob@other.example")],
    }
    copy_of_tables(home / "store.sqlite")
    store = open_store(f"sqlite:///{home / 'store.sqlite'}", secret_key="test")
    return MailFirm(home, store, spoken, HandClock(MORNING), MailSettings(**mail))
