"""Every kind of mail says what it must, in HTML and in plain text alike, and texts stay texts."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser

import pytest

from portal.mail.compose import Composer
from portal.mail.templates import TEMPLATES
from portal.services.mail_ports import (
    FACTS,
    Attachment,
    DocumentKind,
    LetterKind,
    LetterState,
    Recipient,
    RecipientRole,
    StoredLetter,
)
from tests.mail_fixture import MORNING, OUR_BRAND, CountedLinks, PaperDrawer, a_letter

HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "</td></table><script>alert(1)</script>",
    "[pay](javascript:alert(1)) ![](http://evil.example/x)",
    "\" onmouseover=\"alert(1)",
    "{{7*7}} ${alert(1)} `x`",
    "safe\u202egnp.exe",
)  # fmt: skip
FULL = {
    "client_name": "Ann's Bakery & Sons",
    "currency": "USD",
    "open_cents": 345_600,
    "overdue_cents": 120_000,
    "amount_cents": 125_000,
    "fee_cents": 3_625,
    "as_of": "2026-11-24",
    "paid_on": "2026-11-24",
    "refunded_on": "2026-11-24",
    "charge_date": "2026-12-05",
    "payment_id": "PI-0111-0011",
    "method": "Visa ending 4242",
    "reason": "The card was declined.",
    "plan_name": "AutoPay",
    "event": "paused",
    "headline": "A payment was returned",
    "full_name": "Ann Baker",
    "payer_name": "Ann Baker",
    "asked": "What is item 2?",
    "message": "It is the audit.",
    "invoices": [
        {"invoice_number": "10042", "due_date": "2026-11-01", "open_cents": 120_000},
        {"invoice_number": "10049", "due_date": None, "open_cents": 225_600},
    ],
    "lines": [{"text": "Invoice 10042", "cents": 125_000}],
}


def stored(kind: LetterKind, facts: dict[str, object], **changes: object) -> StoredLetter:
    lines = ["What holds from now on."] if kind in _TELLS_LINES else facts["lines"]
    letter = a_letter(kind=kind, facts={**facts, "lines": lines}, **changes)
    return StoredLetter(
        letter_id="0" * 32,
        seq=1,
        letter=letter,
        state=LetterState.QUEUED,
        message_id="0" * 32,
        created_at=MORNING,
    )


_TELLS_LINES = (LetterKind.PLAN_NOTICE, LetterKind.STAFF_ALERT)


def composed(kind: LetterKind, facts: dict[str, object] = FULL, **changes: object) -> EmailMessage:
    composer = Composer(brand=OUR_BRAND, documents=PaperDrawer("7"), pay_links=CountedLinks())
    made = composer.compose(stored(kind, facts, **changes), MORNING)
    mail = message_from_bytes(made.raw, policy=default)
    assert isinstance(mail, EmailMessage)
    return mail


def body(mail: EmailMessage, kind: str) -> str:
    return mail.get_body((kind,)).get_content()


class Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_every_kind_of_letter_has_a_template_and_says_what_it_needs() -> None:
    assert set(TEMPLATES) == set(FACTS) == set(LetterKind)
    for kind, needed in FACTS.items():
        assert set(needed) <= set(FULL), kind


@pytest.mark.parametrize("kind", list(LetterKind))
def test_a_mail_reads_the_same_in_html_and_in_plain_text(kind: LetterKind) -> None:
    mail = composed(kind, pay_scope=())

    html = " ".join(Tags(body(mail, "html")).texts)
    words = [word for word in body(mail, "plain").split() if "://" not in word and word != "--"]
    missing = [word for word in words if word.strip("():") not in html]
    assert missing == []
    assert mail["Subject"]


@pytest.mark.catalogue(73)
@pytest.mark.catalogue(75)
@pytest.mark.parametrize("kind", list(LetterKind))
@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_stays_a_text_in_every_mail(kind: LetterKind, text: str) -> None:
    facts = {name: text if isinstance(value, str) and not name.endswith(("_on", "as_of", "date"))
             and name != "currency" else value for name, value in FULL.items()}  # fmt: skip
    facts["message"] = text
    facts["lines"] = [{"text": text, "cents": 1}]
    facts["invoices"] = [
        {"invoice_number": text, "due_date": None, "open_cents": 1},
        {"invoice_number": text, "due_date": None, "open_cents": 2},
    ]

    mail = composed(kind, facts, pay_scope=())

    tags = Tags(body(mail, "html"))
    allowed = {"html", "head", "meta", "title", "body", "div", "table", "tr", "td", "th", "h1",
               "p", "a", "br"}  # fmt: skip
    assert {tag for tag, _ in tags.found} <= allowed
    assert not [attrs for _, attrs in tags.found if any(name.startswith("on") for name in attrs)]
    links = [attrs["href"] for tag, attrs in tags.found if tag == "a"]
    assert all(link.startswith("https://pay.hartwell.example/") for link in links)
    assert "\u202e" not in body(mail, "html") + body(mail, "plain") + mail["Subject"]


def test_a_mail_loads_nothing_from_anywhere() -> None:
    for kind in LetterKind:
        html = body(composed(kind, pay_scope=()), "html")
        assert "src=" not in html
        assert "url(" not in html
        assert "<link" not in html


@pytest.mark.catalogue(81)
def test_nothing_in_the_facts_can_add_a_line_to_the_head() -> None:
    facts = {**FULL, "subject": "Hello\r\nBcc: eve@evil.example\u2028X: y", "client_name": "A\nB"}

    mail = composed(LetterKind.INVOICE, facts)

    assert mail["Bcc"] is None
    assert mail["X"] is None
    assert mail["Subject"] == "Hello Bcc: eve@evil.example X: y"


def test_hidden_copies_stand_in_no_line_of_the_mail() -> None:
    people = (
        Recipient(address="ann@client.example", name='Ann "the Baker", Sons'),
        Recipient(address="boss@firm.example", role=RecipientRole.BCC),
        Recipient(address="bob@client.example", role=RecipientRole.CC),
    )

    mail = composed(LetterKind.INVOICE, recipients=people)

    assert b"boss@firm.example" not in mail.as_bytes()
    assert mail["To"].addresses[0].display_name == 'Ann "the Baker", Sons'
    assert mail["Cc"] == "bob@client.example"


def test_an_invoice_that_never_came_is_said_to_be_missing() -> None:
    composer = Composer(brand=OUR_BRAND, documents=PaperDrawer("7"))
    both = tuple(
        Attachment(kind=DocumentKind.INVOICE, key=key, file_name=f"invoice-{key}.pdf")
        for key in ("7", "8")
    )

    made = composer.compose(stored(LetterKind.INVOICE, FULL, attachments=both), MORNING)

    assert (made.has_attachment, made.is_complete) == (True, False)
    mail = message_from_bytes(made.raw, policy=default)
    assert [part.get_filename() for part in mail.iter_attachments()] == ["invoice-7.pdf"]


def test_every_line_of_a_mail_fits_the_oldest_server() -> None:
    facts = {**FULL, "message": "Ünal 🧾 " * 800}

    raw = composed(LetterKind.STATEMENT, facts, pay_scope=()).as_bytes()

    assert max(len(line) for line in raw.split(b"\n")) <= 998
    assert raw.isascii()
