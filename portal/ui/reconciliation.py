"""Reconciliation: payouts with what they are made of and what of it the PMS shows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import streamlit as st

from portal.lists.columns import Column, Kind
from portal.services.close_payout import ClosePayout, close_payout
from portal.services.payout_ports import Payout, PayoutLine
from portal.ui import cards, deeds, frame, grid, reads
from portal.ui import format as write
from portal.ui.cards import Figure
from portal.ui.dialogs import dialog
from portal.ui.grid_event import GridEvent

DAYS = timedelta(days=90)
_PAYOUTS = (
    Column(id="paid_date", label="Paid on", kind=Kind.DATE, width=120, opens="open"),
    Column(id="payout_id", label="Payout", kind=Kind.TEXT, width=170, opens="open"),
    Column(id="gross_cents", label="Payments", kind=Kind.MONEY, width=130),
    Column(id="back_cents", label="Sent back", kind=Kind.MONEY, width=120),
    Column(id="fee_cents", label="Gateway fees", kind=Kind.MONEY, width=125),
    Column(id="amount_cents", label="Deposit", kind=Kind.MONEY, width=130),
    Column(id="unposted_cents", label="Not yet posted", kind=Kind.MONEY, width=135),
    Column(id="unexplained_cents", label="Unexplained", kind=Kind.MONEY, width=125),
    Column(id="state", label="State", kind=Kind.CHOICE, width=100),
    Column(id="currency", label="Currency", kind=Kind.CHOICE, width=100, hidden=True),
)
_LINES = (
    Column(id="what", label="Kind", kind=Kind.CHOICE, width=100),
    Column(id="payment_id", label="Payment", kind=Kind.TEXT, width=120),
    Column(id="gross_cents", label="Gross", kind=Kind.MONEY, width=125),
    Column(id="fee_cents", label="Fee", kind=Kind.MONEY, width=100),
    Column(id="net_cents", label="Net", kind=Kind.MONEY, width=125),
    Column(id="posted_cents", label="Posted in PMS", kind=Kind.MONEY, width=140),
    Column(id="explained", label="Explained", kind=Kind.TEXT, width=230),
)


@dataclass(frozen=True)
class Compared:
    """A payout beside its lines and what the PMS shows of its payments."""

    payout: Payout
    lines: Sequence[PayoutLine]
    postings: Mapping[str, Mapping[str, int]]

    @property
    def unposted_cents(self) -> int:
        """What its payments came to and the PMS does not show."""
        ids = {line.payment_id for line in self.lines if line.kind == "payment"}
        rows = [self.postings[each] for each in ids if each in self.postings]
        return sum(max(row["taken_cents"] - row["posted_cents"], 0) for row in rows)

    @property
    def unexplained_cents(self) -> int:
        """What arrived less all known lines; lines of nobody's payment explain nothing."""
        known = [each for each in self.lines if each.kind == "fee" or each.payment_id]
        return self.payout.amount_cents - sum(line.net_cents for line in known)

    def row(self) -> dict[str, object]:
        """The payout as the list shows it."""
        gross = sum(line.gross_cents for line in self.lines if line.kind == "payment")
        back = sum(line.gross_cents for line in self.lines if line.kind not in ("payment", "fee"))
        return {
            "payout_id": self.payout.payout_id,
            "paid_date": self.payout.paid_date.isoformat(),
            "gross_cents": gross,
            "back_cents": back,
            "fee_cents": sum(line.fee_cents for line in self.lines),
            "amount_cents": self.payout.amount_cents,
            "unposted_cents": self.unposted_cents,
            "unexplained_cents": self.unexplained_cents,
            "state": self.payout.state.capitalize(),
            "currency": self.payout.currency,
        }


def compared() -> list[Compared]:
    """The payouts of the last months, newest first."""
    portal = frame.portal()
    postings = {str(row["payment_id"]): row for row in reads.rows("reconciliation/postings")}
    with portal.store.reading() as view:
        return [
            Compared(payout, view.payouts.lines(payout.payout_id), postings)  # type: ignore[arg-type]
            for payout in view.payouts.since(portal.today() - DAYS)
        ]


def figures(found: Sequence[Compared]) -> None:
    """Draw what is open, not posted and not explained; other currencies are named apart."""
    waiting = [each for each in found if each.payout.state == "open"]
    sums = _by_currency(found)
    own = frame.portal().settings.currency
    unposted, unexplained = sums.get(own, (0, 0))
    with frame.portal().store.reading() as view:
        queue = len(view.exceptions.open())
    cards.figures(
        Figure(
            label="Open payouts",
            value=f"{len(waiting):,}",
            definition="Deposits that nobody has closed yet.",
            rows="Open in the list of payouts below",
        ),
        Figure(
            label="Not yet posted",
            value=write.money(unposted, own),
            definition="Deposited, and not yet among the receipts of the PMS.",
            rows=_below(each.unposted_cents for each in found),
        ),
        Figure(
            label="Unexplained",
            value=write.money(unexplained, own),
            definition="Deposits less every payment, refund, return and fee they are made of.",
            rows=_below(each.unexplained_cents for each in found),
        ),
        Figure(
            label="Exceptions",
            value=f"{queue:,}",
            definition="What does not fit and waits for somebody.",
            rows="In the queue below",
        ),
    )
    apart = [
        {"currency": currency, "unposted_cents": cents[0], "unexplained_cents": cents[1]}
        for currency, cents in sums.items()
    ]
    cards.other_currencies(apart, "not yet posted", "unposted_cents")
    cards.other_currencies(apart, "unexplained", "unexplained_cents")


def _below(amounts: Iterable[int]) -> str:
    return f"In {write.count(sum(cents != 0 for cents in amounts), 'payout')} below"


def _by_currency(found: Sequence[Compared]) -> dict[str, tuple[int, int]]:
    """What is not posted and what is not explained, of the payouts of each currency."""
    sums: dict[str, tuple[int, int]] = {}
    for each in found:
        unposted, unexplained = sums.get(each.payout.currency, (0, 0))
        sums[each.payout.currency] = (
            unposted + each.unposted_cents,
            unexplained + each.unexplained_cents,
        )
    return sums


def payouts(found: Sequence[Compared]) -> None:
    """Draw the payouts; opening one shows what it is made of."""
    st.header("Payouts", anchor=False)
    if not found:
        frame.empty("No payout yet", "The gateway pays out once per weekday, two days later.")
        return
    by_id = {each.payout.payout_id: each for each in found}

    def opened(event: GridEvent) -> None:
        if event.row_id in by_id:
            _payout(by_id[event.row_id])

    grid.small_grid(
        [each.row() for each in found],
        _PAYOUTS,
        row_id="payout_id",
        key="payouts",
        title="Payouts",
        opens="open",
        on_event=opened,
    )


@dialog("Payout", width="large")
def _payout(shown: Compared) -> None:
    _contents(shown)


def _contents(shown: Compared) -> None:
    paid_on = write.day(shown.payout.paid_date)
    st.markdown(frame.plain(f"{shown.payout.payout_id} · paid on {paid_on}"))
    difference = write.money(shown.unexplained_cents, shown.payout.currency)
    st.markdown(f"**Unexplained difference: {frame.plain(difference)}**")
    currency = {"currency": shown.payout.currency}
    rows = [_line(line, shown.postings) | currency for line in shown.lines]
    grid.small_grid(rows, _LINES, row_id="line_no", key="payout_lines", title="Lines")
    if shown.payout.state == "closed":
        st.caption(frame.plain(f"Closed by {shown.payout.closed_by}: it stays as it is."))
    elif st.button("Close payout", type="primary", icon=":material/lock:", key="close_payout"):
        portal = frame.portal()
        command = ClosePayout(actor=frame.principal(), payout_id=shown.payout.payout_id)
        if deeds.attempt(lambda: close_payout(command, store=portal.store, clock=portal.now)):
            st.rerun()


def _line(line: PayoutLine, postings: Mapping[str, Mapping[str, int]]) -> dict[str, object]:
    posting = postings.get(line.payment_id or "")
    posted = posting["posted_cents"] if posting and line.kind == "payment" else 0
    if line.kind == "fee":
        why = "Gateway's own fee"
    elif line.payment_id is None:
        why = "No payment here: see the exceptions"
    elif line.kind != "payment":
        why = "Taken off this deposit"
    elif posting and posting["posted_cents"] >= posting["taken_cents"]:
        why = "Posted in the PMS"
    else:
        why = "In the payment files, not yet posted"
    return {
        "line_no": str(line.line_no),
        "what": str(line.kind).capitalize(),
        "payment_id": line.payment_id or "",
        "gross_cents": line.gross_cents,
        "fee_cents": line.fee_cents,
        "net_cents": line.net_cents,
        "posted_cents": posted,
        "explained": why,
    }
