"""How an amount is set against invoices, and how a refund comes out of its lines.

Whole cents only; nothing is ever set against an invoice beyond what may be paid on it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.domain.errors import Invalid, PortalError
from portal.domain.money import format_cents

PAYABLE_KINDS = frozenset({"invoice", "service_charge", "debit_memo"})
KNOWN_CURRENCIES = frozenset({"USD", "EUR", "GBP", "CAD", "AUD"})
"""Currencies with two decimals; amounts of any other would be off by a hundred."""


class Overpaid(PortalError):
    """More than is owed. `payable_cents` is what may still be paid."""

    def __init__(self, sentence: str, *, payable_cents: int) -> None:
        super().__init__(sentence)
        self.payable_cents = payable_cents


@dataclass(frozen=True, kw_only=True)
class Line:
    """A part of a payment: for an invoice, or unapplied where that is None."""

    invoice_id: str | None
    cents: int


def check_lines(lines: Sequence[Line], *, most_cents: int) -> int:
    """The sum of a payment's lines.

    Raises: Invalid for nothing, for amounts that are no whole positive cents, for an invoice
    named twice and for more than `most_cents`.
    """
    if not lines:
        raise Invalid("Choose at least one invoice, or type an amount.")
    for line in lines:
        if type(line.cents) is not int or line.cents <= 0:
            raise Invalid("Every amount must be more than 0.00.")
    invoices = [line.invoice_id for line in lines]
    if len(set(invoices)) != len(invoices):
        raise Invalid("An invoice can be named once in a payment.")
    total = sum(line.cents for line in lines)
    if total > most_cents:
        raise Invalid(f"One payment can be {format_cents(most_cents)} at the most.")
    return total


def check_currency(currency: str, expected: str) -> None:
    """Refuse a currency the portal does not count in cents, or another than expected.

    Raises: Invalid.
    """
    if currency not in KNOWN_CURRENCIES:
        raise Invalid(f"The portal takes no payments in {currency or 'an unnamed currency'}.")
    if currency != expected:
        raise Invalid(f"This is owed in {expected}; it can't be paid in {currency}.")


def check_payable(number: str, cents: int, payable_cents: int, currency: str) -> None:
    """Refuse more than may still be paid on an invoice.

    Raises: Overpaid.
    """
    if cents <= payable_cents:
        return
    still = format_cents(max(payable_cents, 0), currency)
    raise Overpaid(
        f"Invoice {number} can still be paid with {still}; nothing was charged.",
        payable_cents=max(payable_cents, 0),
    )


def spread(total_cents: int, owed: Mapping[str, int]) -> list[Line]:
    """Set an amount against invoices in their order; what is left over stays unapplied."""
    lines, left = [], total_cents
    for invoice_id, payable in owed.items():
        part = min(left, payable)
        if part > 0:
            lines.append(Line(invoice_id=invoice_id, cents=part))
            left -= part
    if left > 0:
        lines.append(Line(invoice_id=None, cents=left))
    return lines


def spread_refund(cents: int, left_by_item: Mapping[str, int]) -> dict[str, int]:
    """Take a refund out of a payment's lines in their order, never above what each has left.

    Raises: Overpaid.
    """
    most = sum(left_by_item.values())
    if cents > most:
        raise Overpaid(
            f"At most {format_cents(most)} of this payment can be refunded.", payable_cents=most
        )
    parts, left = {}, cents
    for item_id, has in left_by_item.items():
        part = min(left, has)
        if part > 0:
            parts[item_id] = part
            left -= part
    return parts


def fee_share(
    *, fee_cents: int, captured_cents: int, refunded_cents: int, refunded_fee_cents: int, cents: int
) -> int:
    """How much of the fee goes back with a refund: in proportion, and all of it in the end."""
    if captured_cents <= 0:
        return 0
    due = fee_cents * (refunded_cents + cents) // captured_cents
    return max(0, min(due, fee_cents) - refunded_fee_cents)
