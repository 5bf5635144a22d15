"""The daily files a bookkeeper posts from: which lines they have, in the layout of each system.

A line that takes money back (refund, return, dispute) is negative. One that was disputed and won
comes once more, and one that gets another client goes from the one and to the other. The same
lines always make the same bytes.
"""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class FileKind(StrEnum):
    """Which part of a day's money a file tells."""

    INVOICE_PAYMENTS = "invoice_payments"
    OTHER_PAYMENTS = "other_payments"
    DEPOSIT = "deposit"


class Layout(StrEnum):
    """Whose import a file is written for."""

    GENERIC = "generic"
    PRACTICE_CS = "practice_cs"
    PRACTICE_ENGINE = "practice_engine"
    QUICKBOOKS_ONLINE = "quickbooks_online"


@dataclass(frozen=True, kw_only=True)
class PaymentLine:
    """One movement of a day. `payment_id` goes into the reference of the PMS receipt."""

    day: date
    payment_id: str
    entry: str
    """payment, refund, return, dispute, dispute_won or transfer."""
    client_id: str
    client_number: str
    client_name: str
    invoice_id: str | None
    invoice_number: str
    method: str
    brand: str
    currency: str
    cents: int

    @property
    def kind(self) -> FileKind:
        """The file the line belongs to."""
        return FileKind.INVOICE_PAYMENTS if self.invoice_id else FileKind.OTHER_PAYMENTS


Row = tuple[str, ...]


def amount(cents: int) -> str:
    """Cents as a plain decimal number."""
    sign, whole = ("-", -cents) if cents < 0 else ("", cents)
    return f"{sign}{whole // 100}.{whole % 100:02d}"


def inert(text: str) -> str:
    """Text that a spreadsheet must not take for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


_GENERIC = (
    "Date", "Payment ID", "Entry", "Client key", "Client number", "Client name", "Invoice key",
    "Invoice", "Method", "Card brand", "Currency", "Amount",
)  # fmt: skip


def _generic(line: PaymentLine) -> Row:
    return (
        line.day.isoformat(), line.payment_id, line.entry, line.client_id,
        inert(line.client_number), inert(line.client_name), line.invoice_id or "",
        inert(line.invoice_number), line.method, inert(line.brand), line.currency,
        amount(line.cents),
    )  # fmt: skip


def _practice_cs(line: PaymentLine) -> Row:
    return (
        inert(line.client_number), f"{line.day:%m/%d/%Y}", _WORDS[line.entry], line.payment_id,
        inert(line.invoice_number), amount(line.cents),
    )  # fmt: skip


def _practice_engine(line: PaymentLine) -> Row:
    return (
        f"{line.day:%m/%d/%Y}", inert(line.client_number), line.payment_id,
        inert(line.invoice_number), amount(line.cents), "1",
        inert(line.brand) if line.method != "ach" else "",
    )  # fmt: skip


def _quickbooks(line: PaymentLine) -> Row:
    invoice = f"Invoice-{line.invoice_number}-" if line.invoice_number else ""
    memo = f"{invoice}Client-{line.client_number}-{line.payment_id}"
    return (f"{line.day:%m/%d/%Y}", inert(memo), amount(line.cents))


_WORDS = {
    "payment": "Payment",
    "refund": "Refund",
    "return": "Return",
    "dispute": "Dispute",
    "dispute_won": "Dispute won",
    "transfer": "Transfer",
}
_LAYOUTS: dict[Layout, tuple[Row, Callable[[PaymentLine], Row]]] = {
    Layout.GENERIC: (_GENERIC, _generic),
    Layout.PRACTICE_CS: (
        ("Client ID", "Date", "Type", "Reference", "Invoice", "Amount"),
        _practice_cs,
    ),
    Layout.PRACTICE_ENGINE: (
        ("Date", "Client Code", "Reference", "Invoice", "Amount", "Bank Index", "Credit Card Type"),
        _practice_engine,
    ),
    Layout.QUICKBOOKS_ONLINE: (("Date", "Description", "Credit"), _quickbooks),
}


def write_payments(layout: Layout, lines: Sequence[PaymentLine]) -> bytes:
    """One file of payments, its lines in the order of their payment IDs.

    Money comes before it goes back; a transfer takes it from the one client first.
    """
    header, row_of = _LAYOUTS[layout]
    ordered = sorted(lines, key=_place)
    return _csv(header, [row_of(line) for line in ordered])


def _place(line: PaymentLine) -> tuple[str, bool, int]:
    is_transfer = line.entry == "transfer"
    return line.payment_id, is_transfer, line.cents if is_transfer else -line.cents


def write_deposit(lines: Sequence[PaymentLine]) -> bytes:
    """The deposit report: what cards and bank debits came to, per currency."""
    sums: dict[tuple[str, str], list[int]] = {}
    for line in lines:
        group = "ACH" if line.method == "ach" else "Cards"
        found = sums.setdefault((line.currency, group), [0, 0])
        found[0] += 1
        found[1] += line.cents
    rows = [
        (currency, group, str(count), amount(cents))
        for (currency, group), (count, cents) in sorted(sums.items())
    ]
    return _csv(("Currency", "Batch", "Lines", "Amount"), rows)


def _csv(header: Row, rows: Sequence[Row]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue().encode("utf-8")
