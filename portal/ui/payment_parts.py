"""The parts of a payment's page: its title, its amounts, the invoices it pays."""

from collections.abc import Mapping, Sequence

import streamlit as st

from portal.lists.columns import Column, Kind
from portal.ui import (
    cards,
    detail,
    frame,
    grid,
    links,
    paper_links,
    reads,
    receipt_again,
    refund,
)
from portal.ui import format as write
from portal.ui.cards import Figure
from portal.ui.grid_event import GridEvent

_APPLICATIONS = (
    Column(id="invoice_number", label="Invoice", kind=Kind.TEXT, width=140, opens="open"),
    Column(id="status", label="Status", kind=Kind.CHOICE, width=120),
    Column(id="invoice_date", label="Invoice date", kind=Kind.DATE, width=130),
    Column(id="due_date", label="Due date", kind=Kind.DATE, width=130),
    Column(id="applied_date", label="Applied on", kind=Kind.DATE, width=130),
    Column(id="amount_cents", label="Bill amount", kind=Kind.MONEY, width=150),
    Column(id="applied_cents", label="Applied to it", kind=Kind.MONEY, width=150),
    Column(id="outstanding_cents", label="Outstanding", kind=Kind.MONEY, width=150),
)


def ways(payment: Mapping[str, object], paid: Mapping[str, object] | None = None) -> None:
    """Draw the ways out, and what may be done with a payment made through the portal."""
    if paid:
        payment_id = str(paid["payment_id"])
        refund.button(payment_id)
        if paid["captured_cents"]:
            paper_links.receipt(payment_id)
        receipt_again.button(payment_id)
    if payment["client_id"]:
        links.link("Open client", "client", icon=":material/person:", id=str(payment["client_id"]))
    if "previous_id" in payment:
        detail.neighbours("payment", "entry", payment["previous_id"], payment["next_id"])


def title(payment: Mapping[str, object]) -> str:
    """What the entry is called: its kind and amount."""
    amount = write.money(int(payment["amount_cents"]), str(payment["currency"]))
    return f"{payment['entry_kind']} of {amount}"


def amounts(payment: Mapping[str, object]) -> None:
    """Draw the amount, what of it is applied and the rest."""
    currency = str(payment["currency"])
    count = int(payment["invoice_count"])
    cards.figures(
        Figure(
            label="Amount",
            value=write.money(int(payment["amount_cents"]), currency),
            definition="Positive reduces what the client owes; returns and refunds are negative.",
        ),
        Figure(
            label="Applied",
            value=write.money(int(payment["applied_cents"]), currency),
            definition="What of it is set against invoices.",
            rows=write.count(count, "invoice"),
        ),
        Figure(
            label="Unapplied",
            value=write.money(int(payment["unapplied_cents"]), currency),
            definition="What of it is not yet set against an invoice.",
        ),
    )


def pays(applications: Sequence[Mapping[str, object]]) -> None:
    """Draw the invoices the entry was set against; a row opens the invoice."""
    st.header("Invoices", anchor=False)
    if not applications:
        frame.empty("Not applied yet", "Nothing of this has been set against an invoice.")
        return

    invoices = {str(row["application_id"]): str(row["invoice_id"]) for row in applications}

    def opened(event: GridEvent) -> None:
        if event.row_id in invoices:
            links.go("invoice", id=invoices[event.row_id])

    grid.small_grid(
        reads.wired(applications),
        _APPLICATIONS,
        row_id="application_id",
        key="applications",
        title="Applications",
        opens="open",
        on_event=opened,
    )
