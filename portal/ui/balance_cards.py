"""What a client or a client group owes, has paid and how fast, as figures."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from portal.ui import cards, client_parts, list_slices
from portal.ui import format as write
from portal.ui.cards import Figure


def draw(balances: Sequence[Mapping[str, object]], client_id: str | None = None) -> None:
    """Draw one row of figures per currency; the firm's own where there are no entries.

    The figures of a client lead to its own invoices and payments.
    """
    for balance in balances:
        _row(balance, client_id)


def _row(balance: Mapping[str, object], client_id: str | None) -> None:
    currency = str(balance["currency"])

    def money(column: str) -> str:
        return write.money(int(balance[column]), currency)

    def rows(part: str, **view: str) -> dict[str, object]:
        if client_id is None or part not in client_parts.names():
            return {}
        return {"page": "client", "params": {"id": client_id, "show": part, **view}}

    last = balance["last_payment_date"]
    paid = int(balance["paid_invoices"])
    shown = (
        Figure(
            label="Outstanding",
            value=money("outstanding_cents"),
            metric="outstanding",
            rows=write.count(int(balance["unpaid_invoices"]), "unpaid invoice"),
            **rows("Invoices", **cards.toggled("outstanding")),
        ),
        Figure(
            label="Overdue",
            value=money("overdue_cents"),
            metric="overdue",
            rows=write.count(int(balance["overdue_invoices"]), "overdue invoice"),
            **rows("Invoices", **cards.filtered(status=cards.one_of("Overdue"))),
        ),
        Figure(
            label="Unapplied",
            value=money("unapplied_cents"),
            metric="unapplied",
            rows=f"Net {money('net_cents')}",
            **rows("Payments", **cards.toggled("unapplied")),
        ),
        Figure(
            label="Payments to date",
            value=money("payments_to_date_cents"),
            metric="payments_to_date",
            rows=f"Last on {write.day(last)}" if last else "None yet",
            **rows("Payments", **list_slices.paid_to_date()),
        ),
        Figure(
            label="Days to pay",
            value=cards.whole_days(balance["average_days_to_pay"]),
            metric="days_to_pay",
            rows=f"Over {write.count(paid, 'paid invoice')}" if paid else "None paid yet",
            **rows("Invoices", **cards.toggled("paid")),
        ),
    )
    cards.figures(*(replace(figure, key=f"{figure.label}_{currency}") for figure in shown))
