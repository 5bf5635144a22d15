"""What a client or a client group owes, has paid and how fast, as figures."""

from collections.abc import Mapping, Sequence

from portal.ui import cards
from portal.ui import format as write
from portal.ui.cards import Figure


def draw(balances: Sequence[Mapping[str, object]]) -> None:
    """Draw one row of figures per currency; the firm's own where there are no entries."""
    for balance in balances:
        _row(balance)


def _row(balance: Mapping[str, object]) -> None:
    currency = str(balance["currency"])

    def money(column: str) -> str:
        return write.money(int(balance[column]), currency)

    last = balance["last_payment_date"]
    paid = int(balance["paid_invoices"])
    cards.figures(
        Figure(
            label="Outstanding",
            value=money("outstanding_cents"),
            metric="outstanding",
            rows=write.count(int(balance["unpaid_invoices"]), "unpaid invoice"),
        ),
        Figure(
            label="Overdue",
            value=money("overdue_cents"),
            metric="overdue",
            rows=write.count(int(balance["overdue_invoices"]), "invoice"),
        ),
        Figure(
            label="Unapplied",
            value=money("unapplied_cents"),
            metric="unapplied",
            rows=f"Net {money('net_cents')}",
        ),
        Figure(
            label="Payments to date",
            value=money("payments_to_date_cents"),
            metric="payments_to_date",
            rows=f"Last on {write.day(last)}" if last else "None yet",
        ),
        Figure(
            label="Days to pay",
            value=cards.whole_days(balance["average_days_to_pay"]),
            metric="days_to_pay",
            rows=f"Over {write.count(paid, 'paid invoice')}" if paid else "None paid yet",
        ),
    )
