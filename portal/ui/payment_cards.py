"""This month's payments by method, the months before them, and what is not applied yet."""

from collections.abc import Mapping, Sequence

from portal.ui import cards, filters, reads
from portal.ui import format as write
from portal.ui.cards import Figure

MOST_METHODS = 3
Rows = Sequence[Mapping[str, object]]


def draw(*, methods: Rows, months: Rows, unapplied: Rows) -> None:
    """Draw the month's total with its trend, the largest methods, and the unapplied rest."""
    month = filters.this_month()
    own = reads.of_firm_currency(methods)
    received = reads.of_firm_currency(months)
    rest = reads.in_firm_currency(unapplied)
    cards.figures(
        _total(received, month),
        *(_method(row, month) for row in own[:MOST_METHODS]),
        Figure(
            label="Unapplied",
            value=cards.short(int(rest.get("unapplied_cents", 0))),
            metric="unapplied",
            rows=write.count(int(rest.get("entries", 0)), "entry", "entries"),
            page="payments",
            params=cards.toggled("unapplied"),
        ),
    )
    cards.other_currencies(
        [row for row in months if row["month"].isoformat() == month[0]],
        "received this month",
        "amount_cents",
    )


def _total(months: Rows, month: tuple[str, str]) -> Figure:
    current: Mapping[str, object] = months[-1] if months else {}
    return Figure(
        label="Received this month",
        value=cards.short(int(current.get("amount_cents", 0))),
        metric="received_this_month",
        rows=write.count(int(current.get("payments", 0)), "payment"),
        page="payments",
        params=cards.filtered(
            entry_kind=cards.one_of("Payment"), receipt_date=cards.between(*month)
        ),
    )


def _method(row: Mapping[str, object], month: tuple[str, str]) -> Figure:
    return Figure(
        label=write.method(row["method"]),
        value=cards.short(int(row["amount_cents"])),
        metric="received_this_month",
        rows=write.count(int(row["payments"]), "payment"),
        page="payments",
        params=cards.filtered(
            entry_kind=cards.one_of("Payment"),
            method=cards.one_of(row["method"]),
            receipt_date=cards.between(*month),
        ),
    )
