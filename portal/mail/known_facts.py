"""What a letter's facts say, as the words and figures of a mail."""

from collections.abc import Mapping
from datetime import date

from portal.domain import written
from portal.domain.errors import Invalid
from portal.domain.money import format_cents
from portal.mail.blocks import Block, Rows, Small, Text, paragraphs

MOST_ROWS = 40
"""Invoices listed in a mail; the rest are counted."""


class Known:
    """The facts of one letter."""

    def __init__(self, facts: Mapping[str, object]) -> None:
        self._facts = facts

    def text(self, name: str, default: str = "") -> str:
        """A text, on one line."""
        value = self._facts.get(name)
        return default if value is None else " ".join(str(value).split())

    def cents(self, name: str) -> int:
        """An amount.

        Raises: Invalid where the letter does not say it.
        """
        value = self._facts.get(name, 0)
        if isinstance(value, bool) or not isinstance(value, int):
            raise Invalid(f"The letter's {name} is not an amount.")
        return value

    def money(self, name: str) -> str:
        """An amount as it is written."""
        return format_cents(self.cents(name), self.currency)

    @property
    def currency(self) -> str:
        """The currency of every amount of the letter."""
        return self.text("currency", "USD")

    def day(self, name: str) -> str:
        """A day as it is written: `November 24, 2026`; nothing where there is none."""
        return written_day(self._facts.get(name))

    def each(self, name: str) -> list[Mapping[str, object]]:
        """Rows, each with its own facts."""
        found = self._facts.get(name) or []
        return [row for row in found if isinstance(row, Mapping)]  # type: ignore[union-attr]

    def texts(self, name: str) -> list[str]:
        """Plain lines."""
        found = self._facts.get(name) or []
        return [str(line) for line in found if not isinstance(line, Mapping)]  # type: ignore[union-attr]

    def message(self) -> list[Text]:
        """What a person wrote, if anything."""
        return self.paragraphs("message")

    def paragraphs(self, name: str) -> list[Text]:
        """A longer text of a person."""
        return paragraphs(str(self._facts.get(name) or ""))

    def invoices(self) -> list[Block]:
        """The invoices of the letter as a table; nothing where there is at most one."""
        rows = self.each("invoices")
        if len(rows) < 2:
            return []
        shown = [
            (
                str(row.get("invoice_number", "")),
                written_day(row.get("due_date"), short=True) or "On receipt",
                format_cents(int(str(row.get("open_cents", 0))), self.currency),
            )
            for row in rows[:MOST_ROWS]
        ]
        total = sum(int(str(row.get("open_cents", 0))) for row in rows)
        more = len(rows) - len(shown)
        return [
            Rows(
                ("Invoice", "Due", "Open"),
                shown,
                ("Total", "", format_cents(total, self.currency)),
            ),
            *([Small(f"And {more} more.")] if more > 0 else []),
        ]

    def lines(self, head: str) -> list[Block]:
        """What a payment or a refund is made of, as a table."""
        rows = [
            (str(row.get("text", "")), format_cents(int(str(row.get("cents", 0))), self.currency))
            for row in self.each("lines")[:MOST_ROWS]
        ]
        return [Rows((head, "Amount"), rows)] if rows else []

    def ask(self) -> list[Block]:
        """Whom to ask."""
        name, address = self.text("responsible_name"), self.text("responsible_email")
        if not name and not address:
            return [Small("Questions? Reply to this mail.")]
        whom = f"{name} ({address})" if name and address else name or address
        return [Small(f"Questions? Ask {whom}, or reply to this mail.")]


def written_day(value: object, *, short: bool = False) -> str:
    """A day in words; nothing for None."""
    if not value:
        return ""
    day = value if isinstance(value, date) else date.fromisoformat(str(value)[:10])
    return written.short_day(day) if short else written.written_day(day)
