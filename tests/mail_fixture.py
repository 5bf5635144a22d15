"""Letters for tests, and the job that sends them."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from portal.mail.brand import Brand
from portal.mail.compose import AttachedFile, Composer
from portal.mail.delivery import Delivery
from portal.mail.kept_mails import KeptMails
from portal.services.mail_ports import Attachment, Letter, LetterKind, Recipient
from portal.store import Store

MORNING = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
A_PDF = b"%PDF-1.7\n.\n%%EOF\n"
OUR_BRAND = Brand(firm_name="Hartwell & Lowe, CPAs", public_url="https://pay.hartwell.example")


def a_letter(key: str = "receipt:PI-0001-0001", *to: str, **changes: object) -> Letter:
    """A receipt to somebody."""
    known = {
        "kind": LetterKind.RECEIPT,
        "dedupe_key": key,
        "recipients": tuple(Recipient(address=one) for one in to or ("ann@client.example",)),
        "client_id": "1",
        "facts": {
            "client_name": "Ann's Bakery & Sons",
            "payment_id": "PI-0001-0001",
            "currency": "USD",
            "amount_cents": 125_000,
            "fee_cents": 0,
            "paid_on": "2026-11-24",
            "method": "Visa ending 4242",
            "lines": [{"text": "Invoice 10042", "cents": 125_000}],
        },
    }
    return Letter(**{**known, **changes})


class TestClock:
    """A clock that a test moves."""

    __test__ = False

    def __init__(self, now: datetime = MORNING) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


class PaperDrawer:
    """Documents of a test: those whose key is known are there."""

    def __init__(self, *keys: str) -> None:
        self.keys = keys

    def read(self, attachment: Attachment, facts: Mapping[str, object]) -> AttachedFile | None:
        if attachment.key not in self.keys:
            return None
        return AttachedFile(file_name=attachment.file_name or "a.pdf", content=A_PDF)


class CountedLinks:
    """Links that are counted as they are minted."""

    def __init__(self) -> None:
        self.minted: list[str] = []

    def for_client(
        self, client_id: str, *, invoice_ids: tuple[str, ...], letter_id: str, now: datetime
    ) -> str:
        self.minted.append(letter_id)
        return f"https://pay.hartwell.example/client-portal?t=secret{len(self.minted)}"


def a_delivery(store: Store, carrier: object, home: Path, clock: TestClock, **changes: object):
    """The job, with a drawer of one document."""
    known = {
        "store": store,
        "carrier": carrier,
        "composer": Composer(brand=OUR_BRAND, documents=PaperDrawer("7"), pay_links=CountedLinks()),
        "kept": KeptMails(home / "mail"),
        "clock": clock,
        "worker": "w1",
    }
    return Delivery(**{**known, **changes})


def put(store: Store, *letters: Letter, at: datetime = MORNING) -> list[str]:
    """Put letters into the outbox."""
    with store.unit_of_work() as uow:
        ids = [uow.outbox.add(letter, at=at) for letter in letters]
        uow.commit()
    return ids
