"""A mail as it was sent, made fit to be looked at: no link in it works, no secret shows."""

import re
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

_TOKEN = re.compile(r"(#|[?&](?:t|c|token|code)=)[A-Za-z0-9_%.-]{20,}")
_HIDDEN = r"\1…"


@dataclass(frozen=True, kw_only=True)
class ReadMail:
    """A mail as a person looks at it. `html` has no working token in it."""

    subject: str
    sender: str
    to: str
    copies: str
    reply_to: str
    dated: str
    html: str
    plain: str
    files: tuple[tuple[str, int], ...]


def read_mail(raw: bytes) -> ReadMail:
    """Read a mail that the portal wrote."""
    mail = _parsed(raw)
    return ReadMail(
        subject=str(mail["Subject"] or ""),
        sender=str(mail["From"] or ""),
        to=str(mail["To"] or ""),
        copies=str(mail["Cc"] or ""),
        reply_to=str(mail["Reply-To"] or ""),
        dated=str(mail["Date"] or ""),
        html=_TOKEN.sub(_HIDDEN, _body(mail, "html")),
        plain=_TOKEN.sub(_HIDDEN, _body(mail, "plain")),
        files=tuple(
            (part.get_filename() or "file", len(part.get_payload(decode=True) or b""))
            for part in mail.iter_attachments()
        ),
    )


def attached_file(raw: bytes, place: int) -> tuple[str, bytes] | None:
    """The n-th file of a mail, as (name, content)."""
    mail = _parsed(raw)
    parts = list(mail.iter_attachments())
    if not 0 <= place < len(parts):
        return None
    content = parts[place].get_payload(decode=True)
    return parts[place].get_filename() or "file.pdf", content if isinstance(content, bytes) else b""


def _body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    return str(part.get_content()) if part is not None else ""


def _parsed(raw: bytes) -> EmailMessage:
    mail = message_from_bytes(raw, policy=default)
    assert isinstance(mail, EmailMessage)  # noqa: S101 - what this policy makes
    return mail
