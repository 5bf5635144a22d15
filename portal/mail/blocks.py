"""What a mail says, before it is written as HTML and as plain text: both say the same."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.domain.written import clean


@dataclass(frozen=True)
class Text:
    """A paragraph."""

    text: str


@dataclass(frozen=True)
class Amount:
    """The one figure the mail is about."""

    label: str
    value: str
    note: str = ""
    is_alarming: bool = False


@dataclass(frozen=True)
class Facts:
    """Names and values, one under the other."""

    pairs: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Rows:
    """A small table; its last column holds amounts."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    total: Sequence[str] = ()


@dataclass(frozen=True)
class Button:
    """The one thing to do."""

    label: str
    link: str


@dataclass(frozen=True)
class Small:
    """A remark below."""

    text: str


Block = Text | Amount | Facts | Rows | Button | Small


@dataclass(frozen=True, kw_only=True)
class Content:
    """A mail: its subject, the line a mail program shows beside it, and what it says."""

    subject: str
    preview: str
    title: str
    blocks: Sequence[Block]
    why: str = ""
    """Why the reader gets this mail."""


def paragraphs(message: str) -> list[Text]:
    """What a person wrote, as paragraphs: an empty line begins a new one."""
    parts = clean(message.replace("\r\n", "\n")).split("\n\n")
    return [Text(part.strip()) for part in parts if part.strip()]
