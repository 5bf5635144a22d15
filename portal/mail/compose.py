"""A letter becomes a mail: head, plain text, HTML and attachments, ready to be sent as it is."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Protocol

from portal.domain.errors import Invalid
from portal.domain.mail_addresses import LONGEST_SUBJECT, RecipientRole, one_line
from portal.domain.written import clean
from portal.mail.brand import Brand
from portal.mail.html_body import html_body
from portal.mail.known_facts import Known
from portal.mail.plain_body import plain_body
from portal.mail.templates import TEMPLATES
from portal.services.mail_ports import Attachment, Letter, LetterKind, PayLinks, StoredLetter

MOST_ATTACHED_BYTES = 18 * 1024 * 1024
"""Of one mail: many servers refuse more than 25 MB, and a mail grows by a third on the way."""
_ASCII = SMTP.clone(cte_type="7bit", max_line_length=76)
_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9 ._()-]+", re.ASCII)
_OF_PEOPLE = frozenset({LetterKind.PAY_LINK, LetterKind.INVOICE, LetterKind.ANSWER})
"""Kinds that people start by hand; the others say that a program wrote them."""


@dataclass(frozen=True, kw_only=True)
class AttachedFile:
    """A document as it is attached."""

    file_name: str
    content: bytes


class DocumentReader(Protocol):
    """Reads or makes the documents that go with letters."""

    def read(self, attachment: Attachment, facts: Mapping[str, object]) -> AttachedFile | None:
        """The document, or None where there is none."""


@dataclass(frozen=True, kw_only=True)
class Composed:
    """A mail as it leaves."""

    raw: bytes
    subject: str
    is_complete: bool
    has_attachment: bool


@dataclass(frozen=True, kw_only=True)
class Composer:
    """Writes out the letters of one firm."""

    brand: Brand
    documents: DocumentReader
    pay_links: PayLinks | None = None

    def compose(self, stored: StoredLetter, now: datetime) -> Composed:
        """Write a letter out, minting the link of its button.

        Raises: Invalid for a letter that lacks what its template needs, or leads elsewhere.
        """
        return self._written(stored, now, self._link(stored, now))

    def draft(self, stored: StoredLetter, now: datetime) -> Composed:
        """As `compose`, to be looked at: its button leads nowhere yet.

        Raises: Invalid.
        """
        letter = stored.letter
        has_button = letter.pay_scope is not None or letter.secret_link is not None
        link = f"{self.brand.public_url}/client-portal" if has_button else None
        return self._written(stored, now, link)

    def _link(self, stored: StoredLetter, now: datetime) -> str | None:
        letter = stored.letter
        link = letter.secret_link
        if link is None and letter.pay_scope is not None and letter.client_id and self.pay_links:
            link = self.pay_links.for_client(
                letter.client_id,
                invoice_ids=letter.pay_scope,
                letter_id=stored.letter_id,
                now=now,
            )
        if link is None:
            return None
        link = f"{self.brand.public_url}{link}" if link.startswith("/") else link
        if not self.brand.is_ours(link):
            raise Invalid("The mail's button would lead away from the firm's portal.")
        return link

    def _written(self, stored: StoredLetter, now: datetime, link: str | None) -> Composed:
        letter = stored.letter
        files = self._files(letter)
        known = Known({**letter.facts, "is_attached": "yes" if files else ""})
        content = TEMPLATES[letter.kind](known, self.brand, link)
        subject = one_line(clean(content.subject))[:LONGEST_SUBJECT]
        mail = EmailMessage(policy=_ASCII)
        _write_head(mail, stored, self.brand, subject, now)
        mail.set_content(plain_body(content, self.brand), cte="quoted-printable")
        mail.add_alternative(html_body(content, self.brand), subtype="html", cte="quoted-printable")
        for file in files:
            mail.add_attachment(
                file.content,
                maintype="application",
                subtype="pdf",
                filename=_plain_name(file.file_name),
            )
        return Composed(
            raw=mail.as_bytes(),
            subject=subject,
            is_complete=len(files) == len(letter.attachments),
            has_attachment=bool(files),
        )

    def _files(self, letter: Letter) -> list[AttachedFile]:
        files, size = [], 0
        for attachment in letter.attachments:
            file = self.documents.read(attachment, letter.facts)
            if file is None or size + len(file.content) > MOST_ATTACHED_BYTES:
                continue
            size += len(file.content)
            files.append(file)
        return files


def _write_head(
    mail: EmailMessage, stored: StoredLetter, brand: Brand, subject: str, now: datetime
) -> None:
    letter = stored.letter
    mail["From"] = _person(brand.sender_name or brand.firm_name, brand.address)
    for role, header in ((RecipientRole.TO, "To"), (RecipientRole.CC, "Cc")):
        people = [_person(one.name, one.address) for one in letter.recipients if one.role is role]
        if people:
            mail[header] = people
    mail["Subject"] = subject
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{stored.message_id}@{brand.host}>"
    if reply_to := letter.reply_to or brand.reply_to:
        mail["Reply-To"] = _person("", reply_to)
    if letter.kind not in _OF_PEOPLE:
        mail["Auto-Submitted"] = "auto-generated"


def _plain_name(name: str) -> str:
    """A file's name that cannot break out of a mail's head, nor out of a reader's folder."""
    return _NOT_IN_A_NAME.sub("-", one_line(name))[:80].strip("-. ") or "document.pdf"


def _person(name: str, address: str) -> Address:
    return Address(display_name=one_line(clean(name)), addr_spec=address)
