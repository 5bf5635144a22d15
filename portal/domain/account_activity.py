"""What happened on an account between two days: opening balance, entries, closing balance."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

_KINDS = {
    "invoice": "Invoice",
    "service_charge": "Service charge",
    "debit_memo": "Debit memo",
    "payment": "Payment",
    "credit_memo": "Credit",
    "write_off": "Write-off",
    "return": "Returned payment",
    "refund": "Refund",
    "reversal": "Reversal",
}


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One entry of an account; positive cents raise what is owed."""

    day: date
    kind: str
    document: str
    cents: int

    @property
    def text(self) -> str:
        """What it is, as a statement says it."""
        return f"{_KINDS.get(self.kind, self.kind)} {self.document}".strip()


@dataclass(frozen=True, kw_only=True)
class Activity:
    """The entries of a period, each with the balance after it."""

    first: date
    last: date
    opening_cents: int
    lines: tuple[tuple[Entry, int], ...]

    @property
    def closing_cents(self) -> int:
        """What is owed at the end, less what is not applied."""
        return self.lines[-1][1] if self.lines else self.opening_cents


def activity(entries: Iterable[Entry], first: date, last: date) -> Activity:
    """The activity of a period; what came before it is its opening balance."""
    ordered = list(entries)
    opening = sum(one.cents for one in ordered if one.day < first)
    balance, lines = opening, []
    for one in ordered:
        if first <= one.day <= last:
            balance += one.cents
            lines.append((one, balance))
    return Activity(first=first, last=last, opening_cents=opening, lines=tuple(lines))
