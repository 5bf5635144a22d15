"""A receipt on paper: who paid what, when, how and for what."""

from collections.abc import Mapping, Sequence
from datetime import date

from portal.documents.papers import printed, shown
from portal.domain.money import format_cents
from portal.domain.written import written_day

_STATES = {
    "succeeded": ("Paid", "Thank you."),
    "processing": ("Received, not settled yet", "The bank confirms it within a few business days."),
    "part_refunded": ("Paid, partly refunded", "The refund is shown below."),
    "refunded": ("Refunded", "The whole amount went back."),
    "returned": ("Returned by the bank", "This payment did not arrive in the end."),
    "voided": ("Cancelled", "No money moved."),
}


def receipt_pdf(facts: Mapping[str, object]) -> bytes:
    """Print a receipt.

    `facts` are those of a receipt's letter (see portal.services.mail_ports.FACTS), and
    firm_name, colour, state, refunded_cents and client_number where they are known.
    amount_cents is what was charged, the fee included.
    """
    currency = str(facts.get("currency") or "USD")
    state, line = _STATES.get(str(facts.get("state") or "succeeded"), _STATES["succeeded"])
    paid_on = date.fromisoformat(str(facts["paid_on"])[:10])
    client = shown(facts.get("client_name"))
    payer = shown(facts.get("payer_name")) or client
    number = shown(facts.get("client_number"))
    firm = shown(facts.get("firm_name")) or "Your firm"
    pairs = [
        ("Payment ID", shown(facts.get("payment_id"))),
        ("Paid on", written_day(paid_on)),
        ("Paid with", shown(facts.get("method"))),
    ]
    about = client if payer != client else ""
    texts = {
        "firm": firm,
        "firm_line": shown(facts.get("firm_line")),
        "colour": str(facts.get("colour") or "#1E3A5F"),
        "payment_id": shown(facts.get("payment_id")),
        "payer": payer,
        "client_line": " · ".join(part for part in (about, number and f"Client {number}") if part),
        "pairs": [pair for pair in pairs if pair[1]],
        "state": state,
        "state_line": line,
        "amount": format_cents(_cents(facts, "amount_cents"), currency),
        "lines": [
            {
                "text": shown(row.get("text")),
                "amount": format_cents(_cents(row, "cents"), currency),
            }
            for row in _rows(facts.get("lines"))
        ],
        "sums": _sums(facts, currency),
        "thanks": f"Please keep this receipt for your records. {firm} thanks you.",
        "foot": f"Receipt {shown(facts.get('payment_id'))} · {firm}",
    }
    return printed("receipt", texts, paid_on)


def _sums(facts: Mapping[str, object], currency: str) -> list[dict[str, object]]:
    amount, fee = _cents(facts, "amount_cents"), _cents(facts, "fee_cents")
    refunded = _cents(facts, "refunded_cents")
    found: list[tuple[str, int, bool]] = []
    if fee:
        found += [
            ("Paid for invoices", amount - fee, False),
            ("Fee for paying by credit card", fee, False),
        ]
    found.append(("Charged in all" if fee else "Total", amount, not refunded))
    if refunded:
        found += [("Refunded", -refunded, False), ("Kept", amount - refunded, True)]
    return [
        {"text": text, "amount": format_cents(cents, currency), "strong": strong}
        for text, cents, strong in found
    ]


def _rows(value: object) -> Sequence[Mapping[str, object]]:
    found = value if isinstance(value, (list, tuple)) else ()
    return [row for row in found if isinstance(row, Mapping)]


def _cents(facts: Mapping[str, object], name: str) -> int:
    return int(str(facts.get(name) or 0))
