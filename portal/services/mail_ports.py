"""What services say of mail: a letter to be sent, what became of it, and documents received.

A letter is put into the outbox inside the transaction of what it tells about; a job composes
and sends it. What each method does is written where it is done, in portal/store/outbox.py.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from portal.domain.mail_addresses import Recipient, RecipientRole

__all__ = ["Recipient", "RecipientRole"]


class LetterKind(StrEnum):
    """What a mail tells. Each kind has one template; `FACTS` says what it needs to know."""

    INVOICE = "invoice"
    """An invoice with its PDF and the button to pay: the first mail, or a resend."""
    STATEMENT = "statement"
    """What is open, with the button to review and pay."""
    RECEIPT = "receipt"
    """Money came in."""
    REFUND = "refund"
    """Money went back."""
    PAYMENT_FAILURE = "payment_failure"
    """A payment was declined or returned by the bank."""
    PLAN_NOTICE = "plan_notice"
    """A plan was started, changed, paused, resumed, ended or cancelled."""
    AUTOPAY_REMINDER = "autopay_reminder"
    """AutoPay will charge soon."""
    VERIFICATION = "verification"
    """Somebody must show that an email address is theirs."""
    PASSWORD_RESET = "password_reset"  # noqa: S105 - a kind of mail
    """Somebody forgot the password of the client portal."""
    STAFF_ALERT = "staff_alert"
    """Something a member of staff must know."""
    PAY_LINK = "pay_link"
    """A link to pay, sent by staff."""
    ANSWER = "answer"
    """What somebody of the firm answers to a message of the client portal."""


_MONEY = ("client_name", "currency", "amount_cents")
FACTS: Mapping[LetterKind, tuple[str, ...]] = {
    LetterKind.INVOICE: ("client_name", "currency", "open_cents", "invoices"),
    LetterKind.STATEMENT: (
        "client_name", "currency", "open_cents", "overdue_cents", "invoices", "as_of",
    ),
    LetterKind.RECEIPT: (*_MONEY, "payment_id", "fee_cents", "paid_on", "method", "lines"),
    LetterKind.REFUND: (*_MONEY, "payment_id", "refunded_on", "lines"),
    LetterKind.PAYMENT_FAILURE: (*_MONEY, "method", "reason"),
    LetterKind.PLAN_NOTICE: ("client_name", "plan_name", "event", "lines"),
    LetterKind.AUTOPAY_REMINDER: (*_MONEY, "charge_date", "method", "invoices"),
    LetterKind.VERIFICATION: ("full_name",),
    LetterKind.PASSWORD_RESET: ("full_name",),
    LetterKind.STAFF_ALERT: ("headline", "lines"),
    LetterKind.PAY_LINK: _MONEY,
    LetterKind.ANSWER: ("client_name", "asked", "message"),
}  # fmt: skip
"""What a template must be told. Amounts are cents, the one of a receipt with its fee; days are
ISO texts, `method` as people read it
("Visa ending 4242"); `invoices` are {invoice_number, due_date, open_cents}; `lines` are
{text, cents} in receipts and refunds and plain texts in notices and alerts. Every kind may
also have `subject` (one line), `message` (text of a person, paragraphs by empty lines),
`responsible_name` and `responsible_email`."""


class DocumentKind(StrEnum):
    """What is attached to a letter. It is read when the letter is composed."""

    INVOICE = "invoice"
    """The received PDF of an invoice; its key is the invoice's id."""
    STATEMENT = "statement"
    """A statement, made of the letter's facts (`statement`, or the letter's own)."""
    RECEIPT = "receipt"
    """A receipt, made of the letter's facts."""


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A document that goes with a letter."""

    kind: DocumentKind
    key: str
    file_name: str = ""


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A mail to be sent once.

    `dedupe_key` names what the mail is about: a second letter with the same key is not sent.
    `secret_link` is the link of a verification or a new password: it is forgotten as soon as
    the mail is out and never shown to staff. `pay_scope` asks for a button to the client's
    portal; its link is minted when the letter is composed. `needs_review` holds the letter
    until a person lets it go.
    """

    kind: LetterKind
    dedupe_key: str
    recipients: tuple[Recipient, ...]
    facts: Mapping[str, object]
    client_id: str | None = None
    attachments: tuple[Attachment, ...] = ()
    pay_scope: tuple[str, ...] | None = None
    """The invoices the button leads to; () means all that is unpaid; None means no button."""
    secret_link: str | None = None
    reply_to: str | None = None
    created_by: str = "portal"
    language: str = "en"
    needs_review: bool = False
    resend_of: str | None = None


class LetterState(StrEnum):
    """What became of a letter."""

    REVIEW = "review"
    """It waits for a person to let it go."""
    QUEUED = "queued"
    """It waits for its turn, or for its next try."""
    SENDING = "sending"
    """It is being handed to the mail server."""
    SENT = "sent"
    """The mail server took it."""
    DELIVERED = "delivered"
    """The recipient's server said so."""
    BOUNCED = "bounced"
    """It came back."""
    FAILED = "failed"
    """It could not be sent; the reason says why."""
    UNSURE = "unsure"
    """It was handed over when the connection or the portal stopped: perhaps it went out.
    It isn't sent again unless a person says so."""
    NO_RECIPIENT = "no_recipient"
    """Nobody was there to write to."""
    DROPPED = "dropped"
    """A person decided not to send it."""


WAITING = frozenset({LetterState.QUEUED, LetterState.SENDING})
"""A later letter to the same person waits for one of these."""


class LetterEvent(StrEnum):
    """What was heard of a letter after it was put into the outbox."""

    TRIED = "tried"
    SENT = "sent"
    DELIVERED = "delivered"
    DELAYED = "delayed"
    BOUNCED_SOFT = "bounced_soft"
    """The mailbox was full or the server busy for too long; the address may be right."""
    BOUNCED_HARD = "bounced_hard"
    """The address does not exist or refuses mail for good."""
    OPENED = "opened"
    CLICKED = "clicked"
    FAILED = "failed"
    UNSURE = "unsure"
    RELEASED = "released"
    DROPPED = "dropped"


@dataclass(frozen=True, kw_only=True)
class StoredLetter:
    """A letter as the outbox keeps it. `seq` is the order of sending."""

    letter_id: str
    seq: int
    letter: Letter
    state: LetterState
    message_id: str
    created_at: datetime
    subject: str | None = None
    reason: str | None = None
    tries: int = 0
    next_try_at: datetime | None = None
    sent_at: datetime | None = None
    is_complete: bool = True
    """Whether everything that was to be attached was there."""


@dataclass(frozen=True, kw_only=True)
class Happening:
    """One thing heard of a letter."""

    letter_id: str
    event: LetterEvent
    at: datetime
    address: str | None = None
    detail: str = ""


class Outbox(Protocol):
    """Letters. `add` never refuses: what can't be sent is kept with its reason."""

    def add(self, letter: Letter, *, at: datetime, not_before: datetime | None = None) -> str: ...
    def find(self, letter_id: str) -> StoredLetter | None: ...
    def find_by_key(self, dedupe_key: str) -> StoredLetter | None: ...
    def find_by_message_id(self, message_id: str) -> StoredLetter | None: ...
    def of_client(self, client_id: str, most: int = 50) -> list[StoredLetter]: ...
    def in_review(self) -> list[StoredLetter]: ...
    def release(self, letter_id: str, *, at: datetime) -> bool: ...
    def drop(self, letter_id: str, *, at: datetime) -> bool: ...


class Sending(Protocol):
    """Letters on their way out: what the job that sends them asks and records."""

    def claim(
        self, *, worker: str, now: datetime, until: datetime, most: int = 20
    ) -> list[StoredLetter]: ...
    def composed(
        self, letter_id: str, *, subject: str, is_complete: bool, has_attachment: bool
    ) -> None: ...
    def hand_over(self, letter_id: str, *, worker: str, now: datetime, until: datetime) -> bool: ...
    def let_go(self, worker: str, *, reason: str, now: datetime) -> None: ...
    def record_sent(self, letter_id: str, *, at: datetime) -> None: ...
    def try_later(self, letter_id: str, *, reason: str, now: datetime, at: datetime) -> None: ...
    def record_failed(self, letter_id: str, *, reason: str, at: datetime) -> None: ...
    def record_unsure(self, letter_id: str, *, reason: str, at: datetime) -> None: ...
    def handed_over_and_silent(self, now: datetime) -> list[StoredLetter]: ...


class MailNews(Protocol):
    """What is heard of letters after they left."""

    def note(self, happening: Happening) -> None: ...
    def of_letter(self, letter_id: str) -> list[Happening]: ...
    def since(self, start: datetime, events: Iterable[LetterEvent]) -> list[Happening]: ...
    def hard_bounced(self, addresses: Iterable[str]) -> set[str]: ...


class PayLinks(Protocol):
    """Makes the link of a button in a mail: opaque, of one client, valid for a while."""

    def for_client(
        self, client_id: str, *, invoice_ids: tuple[str, ...], letter_id: str, now: datetime
    ) -> str: ...


class DocumentState(StrEnum):
    """What became of a received file."""

    MATCHED = "matched"
    """It is the PDF of an invoice."""
    SUPERSEDED = "superseded"
    """It was, until a newer one came."""
    UNMATCHED = "unmatched"
    """No invoice was found for it, or more than one: a person says which."""
    REFUSED = "refused"
    """It is no PDF, or not safe to show."""
    DISMISSED = "dismissed"
    """A person put it aside."""


@dataclass(frozen=True, kw_only=True)
class ReceivedDocument:
    """A file that came in by the watched folder or the inbound mailbox."""

    document_id: str
    source: str
    source_key: str
    file_name: str
    subject: str
    sender: str
    sha256: str
    size: int
    state: DocumentState
    received_at: datetime
    invoice_id: str | None = None
    invoice_number: str | None = None
    reason: str = ""
    decided_by: str | None = None
    dated: date | None = None


class Documents(Protocol):
    """Files received, and the invoice each belongs to."""

    def add(self, document: ReceivedDocument) -> bool: ...
    def find(self, document_id: str) -> ReceivedDocument | None: ...
    def has(self, source: str, source_key: str) -> bool: ...
    def unmatched(self, most: int = 200) -> list[ReceivedDocument]: ...
    def recent(self, most: int = 50) -> list[ReceivedDocument]: ...
    def of_invoice(self, invoice_id: str) -> list[ReceivedDocument]: ...
    def decide(
        self,
        document_id: str,
        *,
        state: DocumentState,
        by: str,
        invoice_id: str | None = None,
        invoice_number: str | None = None,
    ) -> None: ...
