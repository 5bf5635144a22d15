"""A payment made through the portal: what it is, what it pays, what became of it."""

from collections.abc import Mapping, Sequence

import streamlit as st

from portal.lists.columns import Column, Kind
from portal.ui import actors, cards, detail, frame, grid, links, reads
from portal.ui import format as write
from portal.ui.cards import Figure
from portal.ui.detail import Fact
from portal.ui.grid_event import GridEvent

_LINES = (
    Column(id="item_id", label="Payment ID", kind=Kind.TEXT, width=150),
    Column(id="entry_kind", label="Kind", kind=Kind.CHOICE, width=110),
    Column(id="invoice_number", label="Invoice", kind=Kind.TEXT, width=130, opens="open"),
    Column(id="day", label="Date", kind=Kind.DATE, width=125),
    Column(id="amount_cents", label="Amount", kind=Kind.MONEY, width=140),
    Column(id="status", label="Status", kind=Kind.CHOICE, width=140),
    Column(id="posted_date", label="Posted on", kind=Kind.DATE, width=130),
)
_STEPS = {
    "created": "Started",
    "pending": "Asked of the gateway",
    "requires_action": "Waiting for the payer",
    "processing": "With the bank",
    "succeeded": "Captured",
    "declined": "Declined",
    "unknown": "No answer yet: being checked",
    "voided": "Voided",
    "part_refunded": "Refunded in part",
    "refunded": "Refunded",
    "returned": "Returned by the bank",
    "disputed": "Disputed",
}


def find(record_id: str, receipt: Mapping[str, object] | None) -> Mapping[str, object] | None:
    """The portal payment of this id, or the one that a receipt of the PMS posts."""
    payment_id = str(receipt["payment_id"] or "") if receipt else record_id
    return reads.one("payments/portal_payment", payment_id=payment_id) if payment_id else None


def title(paid: Mapping[str, object]) -> str:
    """What the payment is called."""
    amount = write.money(int(paid["amount_cents"]), str(paid["currency"]))  # type: ignore[call-overload]
    return f"Payment {paid['payment_id']} of {amount}"


def facts(paid: Mapping[str, object]) -> None:
    """Draw who paid, how, and where it stands."""
    codes = (paid["decline_code"], paid["return_code"])
    why = ", ".join(str(code) for code in codes if code)
    detail.facts(
        Fact(label="Date", text=write.day(paid["day"])),  # type: ignore[arg-type]
        Fact(label="Status", text=[_STEPS.get(str(paid["state"]), str(paid["state"]))]),
        Fact(label="Payer", text=paid["payer"]),
        Fact(label="Method", text=paid["card"] or write.method(paid["method"])),  # type: ignore[arg-type]
        Fact(label="Source", text=paid["source"]),
        Fact(label="Taken by", text=actors.name_of(str(paid["taken_by"]))),
        Fact(label="Partner", text=paid["partner"]),
        Fact(label="Reason", text=why),
    )


def amounts(paid: Mapping[str, object]) -> None:
    """Draw the amount, the fee, what was sent back and what the PMS does not show yet."""
    currency = str(paid["currency"])

    def money(column: str) -> str:
        return write.money(int(paid[column]), currency)  # type: ignore[call-overload]

    cards.figures(
        Figure(label="Amount", value=money("amount_cents"), definition="Without the fee."),
        Figure(
            label="Fee",
            value=money("fee_cents"),
            definition="What the payer paid on top for paying by credit card.",
        ),
        Figure(
            label="Refunded", value=money("refunded_cents"), definition="Sent back to the payer."
        ),
        Figure(
            label="Pending",
            value=money("pending_cents"),
            definition="Not yet posted in the practice management system; balances on screen "
            "count it already.",
        ),
    )


def lines(paid: Mapping[str, object]) -> None:
    """Draw what the payment pays; a line opens its invoice."""
    found = reads.rows("payments/portal_lines", payment_id=paid["payment_id"])
    invoices = {str(row["item_id"]): row["invoice_id"] for row in found}
    st.header("What it pays", anchor=False)

    def opened(event: GridEvent) -> None:
        if invoice_id := invoices.get(str(event.row_id)):
            links.go("invoice", id=str(invoice_id))

    grid.small_grid(
        reads.wired(found),
        _LINES,
        row_id="item_id",
        key="portal_lines",
        title="Lines",
        opens="open",
        on_event=opened,
    )


def timeline(paid: Mapping[str, object]) -> None:
    """Draw each step the payment took, and its refunds."""
    payment_id = str(paid["payment_id"])
    zone = frame.portal().settings.timezone
    with frame.portal().store.reading() as view:
        steps = [
            (event.at, _STEPS.get(event.to_state, event.to_state), event.actor, event.reason)
            for event in view.payments.events(payment_id)
        ]
        steps += [
            (
                refund.created_at,
                f"Refund of {write.money(refund.amount_cents, str(paid['currency']))} "
                f"{refund.state.value.replace('_', ' ')}",
                refund.requested_by,
                refund.reason,
            )
            for refund in view.refunds.of_payment(payment_id)
        ]
    st.header("Timeline", anchor=False)
    _drawn([(write.moment(at, zone), *rest) for at, *rest in sorted(steps, key=lambda s: s[0])])


def _drawn(steps: Sequence[Sequence[str]]) -> None:
    if not steps:
        frame.empty("Nothing yet", "No step of this payment has been kept.")
        return
    with st.container(border=True, gap="xsmall"):
        for at, what, who, why in steps:
            said = f"**{frame.plain(what)}** · {frame.plain(actors.name_of(who))}"
            st.markdown(f"{frame.plain(at)} · {said}" + (f" · {frame.plain(why)}" if why else ""))
