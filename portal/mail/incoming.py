"""A mail that came in: PDFs of invoices, or a server's report about a mail of ours."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from email.policy import default
from email.utils import parseaddr, parsedate_to_datetime

from portal.domain.mail_addresses import one_line
from portal.services.mail_ports import LetterEvent

MOST_BYTES = 40 * 1024 * 1024
MOST_FILES = 50


@dataclass(frozen=True, kw_only=True)
class IncomingFile:
    """A file a mail brought."""

    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Report:
    """What a server says of one recipient of a mail of ours."""

    letter_id: str
    address: str
    event: LetterEvent
    detail: str


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """What of a mail matters here."""

    sender: str
    subject: str
    dated: datetime | None
    files: tuple[IncomingFile, ...] = ()
    reports: tuple[Report, ...] = ()


def read_incoming(raw: bytes) -> Incoming:
    """Read a mail. Whatever is odd in it is left out, never an error."""
    mail = message_from_bytes(raw[:MOST_BYTES], policy=default)
    is_report = mail.get_content_type() == "multipart/report"
    return Incoming(
        sender=parseaddr(_header(mail, "From"))[1].lower(),
        subject=one_line(_header(mail, "Subject")),
        dated=_dated(mail),
        files=() if is_report else tuple(_files(mail)),
        reports=tuple(_reports(mail)) if is_report else (),
    )


def _files(mail: Message) -> list[IncomingFile]:
    found = []
    for part in mail.walk():
        name = one_line(_file_name(part))
        is_pdf = part.get_content_type() == "application/pdf" or name.lower().endswith(".pdf")
        if part.is_multipart() or not is_pdf:
            continue
        content = part.get_payload(decode=True)
        if isinstance(content, bytes) and len(found) < MOST_FILES:
            found.append(IncomingFile(name=name or "attachment.pdf", content=content))
    return found


def _reports(mail: Message) -> list[Report]:
    kind = "message/delivery-status"
    status = next((part for part in mail.walk() if part.get_content_type() == kind), None)
    if status is None:
        return []
    groups = [group for group in status.get_payload() if isinstance(group, Message)]  # type: ignore[union-attr]
    letter_id = _letter_of(mail, groups)
    found = []
    for group in groups:
        address = _after_type(group, "Original-Recipient") or _after_type(group, "Final-Recipient")
        event = _event(group)
        if letter_id and address and event:
            detail = _after_type(group, "Diagnostic-Code") or _header(group, "Status")
            found.append(
                Report(letter_id=letter_id, address=address, event=event, detail=detail[:500])
            )
    return found


def _event(group: Message) -> LetterEvent | None:
    status = _header(group, "Status").strip()
    match _header(group, "Action").strip().lower():
        case "failed":
            # 5.2.2 is a full mailbox: the address itself is right
            soft = status.startswith("4") or status == "5.2.2"
            return LetterEvent.BOUNCED_SOFT if soft else LetterEvent.BOUNCED_HARD
        case "delayed":
            return LetterEvent.DELAYED
        case "delivered":
            return LetterEvent.DELIVERED
    return None


def _letter_of(mail: Message, groups: list[Message]) -> str:
    """Our own name for the mail a report speaks of, as far as the report still has it."""
    for group in groups:
        if envelope := _header(group, "Original-Envelope-Id").strip():
            return envelope
    for part in mail.walk():
        if part.get_content_type() == "text/rfc822-headers":
            text = part.get_payload(decode=True)
            head = message_from_bytes(text if isinstance(text, bytes) else b"", policy=default)
            return _bare(head)
        if part is not mail and part.get_content_type() == "message/rfc822":
            inner = part.get_payload()
            if isinstance(inner, list) and inner and isinstance(inner[0], Message):
                return _bare(inner[0])
    return ""


def _bare(head: Message) -> str:
    return _header(head, "Message-ID").strip("<> \r\n\t").partition("@")[0]


def _after_type(group: Message, name: str) -> str:
    """The value of a field like `rfc822; ann@client.example`."""
    value = one_line(_header(group, name))
    return value.partition(";")[2].strip() or value


def _header(mail: Message, name: str) -> str:
    try:
        return str(mail.get(name, ""))
    except (ValueError, IndexError, AttributeError, KeyError, TypeError):
        # The library gives up on some heads that no mail program writes.
        return ""


def _file_name(part: Message) -> str:
    try:
        return str(part.get_filename() or "")
    except (ValueError, IndexError, AttributeError, KeyError, TypeError):
        return ""


def _dated(mail: Message) -> datetime | None:
    try:
        at = parsedate_to_datetime(_header(mail, "Date"))
    except (ValueError, TypeError, IndexError):
        return None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at
