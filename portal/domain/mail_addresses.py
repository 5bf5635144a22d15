"""Which addresses may stand in a mail's head, and who gets it when somebody is named twice?"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from portal.domain.card_numbers import refuse_card_numbers
from portal.domain.errors import Invalid

MOST_RECIPIENTS = 50
"""Of one mail, copies included."""
LONGEST_ADDRESS = 254
LONGEST_SUBJECT = 200
_LOCAL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"{_LOCAL}@{_LABEL}(?:\.{_LABEL})+", re.ASCII)
_BREAKS = frozenset("\r\n\v\f\0\x1c\x1d\x1e\x85\u2028\u2029")


class RecipientRole(StrEnum):
    """In which line of a mail's head somebody stands."""

    TO = "to"
    CC = "cc"
    """Copied; everybody sees it."""
    BCC = "bcc"
    """Copied; nobody else sees it."""


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """Somebody a mail goes to."""

    address: str
    name: str = ""
    role: RecipientRole = RecipientRole.TO


def checked_address(written: str) -> str:
    """The address as it is kept: without spaces around it, its domain in lower case.

    Raises: Invalid for what is not one plain address, a line break above all, and for a card
    number, which is not repeated.
    """
    refuse_card_numbers(written)
    address = written.strip(" ")
    if len(address) > LONGEST_ADDRESS or not _ADDRESS.fullmatch(address):
        raise Invalid(f"{shown(written)} is not an email address. Write one like name@example.com.")
    local, _, domain = address.rpartition("@")
    if len(local) > 64:
        raise Invalid(f"{shown(written)} is not an email address. Write one like name@example.com.")
    return f"{local}@{domain.lower()}"


def one_each(recipients: Iterable[Recipient]) -> tuple[Recipient, ...]:
    """Each person once, however many roles name them: To before Cc before Bcc.

    Two spellings that differ in upper and lower case are one person.
    """
    order = list(RecipientRole)
    kept: dict[str, Recipient] = {}
    for recipient in sorted(recipients, key=lambda one: order.index(one.role)):
        kept.setdefault(recipient.address.casefold(), recipient)
    return tuple(kept.values())


def checked_recipients(recipients: Iterable[Recipient]) -> tuple[Recipient, ...]:
    """Recipients somebody typed or chose, each once, fit for a mail's head.

    Raises: Invalid for a bad address, nobody in the To line, or too many.
    """
    checked = one_each(
        Recipient(address=checked_address(one.address), name=one_line(one.name), role=one.role)
        for one in recipients
    )
    if not any(one.role is RecipientRole.TO for one in checked):
        raise Invalid("Name at least one address the mail goes to.")
    if len(checked) > MOST_RECIPIENTS:
        raise Invalid(f"{MOST_RECIPIENTS} recipients are the most for one mail.")
    return checked


def checked_subject(written: str) -> str:
    """A subject somebody typed.

    Raises: Invalid for a line break, an empty or a very long one.
    """
    if any(letter in _BREAKS for letter in written):
        raise Invalid("A subject is one line: take the line break out.")
    subject = one_line(written)
    if not subject or len(subject) > LONGEST_SUBJECT:
        raise Invalid(f"Give the mail a subject of 1 to {LONGEST_SUBJECT} characters.")
    return subject


def one_line(text: str) -> str:
    """A text fit for one line of a mail's head: no breaks, no control characters."""
    kept = "".join(
        " " if letter in _BREAKS or letter == "\t" else letter
        for letter in text
        if letter in _BREAKS or letter == "\t" or unicodedata.category(letter) not in ("Cc", "Cs")
    )
    return " ".join(kept.split())


def shown(written: str) -> str:
    """A refused text, short and on one line, for the sentence that refuses it."""
    text = one_line(written)
    return f"“{text[:60]}…”" if len(text) > 60 else f"“{text}”"
