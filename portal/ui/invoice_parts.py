"""The parts of an invoice's page: its state, its amounts, what paid it, its document."""

from collections.abc import Mapping, Sequence

import streamlit as st

from portal.lists.columns import Column, Kind
from portal.lists.payments import METHODS
from portal.ui import (
    cards,
    client_portal_link,
    detail,
    frame,
    grid,
    invoice_document,
    links,
    reads,
    resend_invoice,
    take_payment,
)
from portal.ui import format as write
from portal.ui.cards import Figure
from portal.ui.grid_event import GridEvent

_APPLICATIONS = (
    Column(id="applied_date", label="Applied on", kind=Kind.DATE, width=120, opens="open"),
    Column(id="entry_kind", label="Kind", kind=Kind.CHOICE, width=110),
    Column(id="method", label="Method", kind=Kind.CHOICE, width=90, spoken=METHODS),
    Column(id="reference", label="Reference", kind=Kind.TEXT, width=125),
    Column(id="applied_cents", label="Applied", kind=Kind.MONEY, width=120),
    Column(id="receipt_date", label="Dated", kind=Kind.DATE, width=130, hidden=True),
    Column(id="amount_cents", label="Full amount", kind=Kind.MONEY, width=150, hidden=True),
)


def ways(invoice: Mapping[str, object]) -> None:
    """Draw the ways out: the client, and its previous and next invoice."""
    if invoice["status"] in ("Open", "Overdue"):
        take_payment.button(str(invoice["client_id"]), (str(invoice["invoice_id"]),))
        client_portal_link.button(
            str(invoice["client_id"]), str(invoice["invoice_id"]), label="Pay in client portal"
        )
        resend_invoice.button(str(invoice["invoice_id"]))
    links.link("Open client", "client", icon=":material/person:", id=str(invoice["client_id"]))
    detail.neighbours("invoice", "invoice", invoice["previous_id"], invoice["next_id"])


def status_words(invoice: Mapping[str, object]) -> list[str]:
    """The invoice's status and its extra marks."""
    words = [str(invoice["status"])]
    words += ["Partly paid"] if invoice["is_partly_paid"] else []
    words += ["Pending"] if invoice["pending_cents"] > 0 else []
    words += ["Disputed"] if invoice["is_disputed"] else []
    return words


def amounts(invoice: Mapping[str, object]) -> None:
    """Draw the amount, what was applied and what is left."""
    currency = str(invoice["currency"])
    shown = [
        Figure(
            label="Bill amount",
            value=write.money(int(invoice["amount_cents"]), currency),
            metric="bill_amount",
        ),
        Figure(
            label="Applied",
            value=write.money(int(invoice["applied_cents"]), currency),
            metric="applied",
        ),
        Figure(
            label="Outstanding",
            value=write.money(int(invoice["outstanding_cents"]), currency),
            metric="left",
        ),
    ]
    if invoice["pending_cents"]:
        shown.insert(
            -1,
            Figure(
                label="Pending",
                value=write.money(int(invoice["pending_cents"]), currency),
                metric="pending",
            ),
        )
    if invoice["settled_outside_cents"]:
        shown.insert(
            -1,
            Figure(
                label="Settled otherwise",
                value=write.money(int(invoice["settled_outside_cents"]), currency),
                metric="settled_outside",
            ),
        )
    cards.figures(*shown)
    if invoice["status"] == "Void":
        st.caption("This invoice is void: it counts in no balance.")


def paid_by_beside_document(
    invoice: Mapping[str, object], applications: Sequence[Mapping[str, object]]
) -> None:
    """Draw what was applied to the invoice, and its document beside it."""
    left, right = st.columns([3, 2], gap="medium")
    with left:
        _paid_by(applications)
    with right:
        _document(invoice)


def _paid_by(applications: Sequence[Mapping[str, object]]) -> None:
    st.header("What paid it", anchor=False)
    if not applications:
        frame.empty("Nothing yet", "No payment or credit has been applied to this invoice.")
        return
    receipts = {str(row["application_id"]): str(row["receipt_id"]) for row in applications}

    def opened(event: GridEvent) -> None:
        if event.row_id in receipts:
            links.go("payment", id=receipts[event.row_id])

    grid.small_grid(
        reads.wired(applications),
        _APPLICATIONS,
        row_id="application_id",
        key="applications",
        title="Applications",
        opens="open",
        on_event=opened,
    )


def _document(invoice: Mapping[str, object]) -> None:
    st.header("Document", anchor=False)
    invoice_document.draw(str(invoice["invoice_id"]), str(invoice["invoice_number"]))
