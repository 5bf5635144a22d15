"""Past payments of a client: those made here, and those the firm has posted otherwise."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import streamlit as st

from portal.domain.payers import EntryKind, Payer, PayerClient
from portal.domain.payment_states import CAPTURED, PaymentState
from portal.services.money_records import Payment
from portal.services.payment_letters import method_words
from portal.ui import format as write
from portal.ui import payer_frame, payer_navigation
from portal.ui.frame import empty, plain, portal

SHOWN = 50
"""At first, and more with each click."""
_MOST = "payer_history_most"
_STATES = {
    PaymentState.PROCESSING: "on its way",
    PaymentState.PART_REFUNDED: "a part sent back",
    PaymentState.REFUNDED: "sent back",
    PaymentState.RETURNED: "taken back by the bank",
    PaymentState.DISPUTED: "contested",
}


@dataclass(frozen=True, kw_only=True)
class Past:
    """A past payment as the page shows it; `payment_id` where its receipt may be seen."""

    day: date
    words: str
    cents: int
    currency: str
    payment_id: str | None = None


def draw(viewer: Payer, client: PayerClient) -> None:
    """Draw the payments, newest first, if the firm shows them to payers."""
    if not portal().settings.payers.history:
        empty("Not shown here", "Your firm does not show past payments. Please ask.")
        return
    payments = [
        *_made_here(viewer, client.client_id),
        *_posted_otherwise(client.client_id),
    ]
    if not payments:
        empty("No payments yet")
        return
    most = int(st.session_state.get(_MOST, SHOWN))
    for past in sorted(payments, key=lambda one: one.day, reverse=True)[:most]:
        _row(past)
    if len(payments) > most and st.button("Show more", key="history_more", width="stretch"):
        st.session_state[_MOST] = most + SHOWN
        st.rerun()


def _made_here(viewer: Payer, client_id: str) -> Sequence[Past]:
    with portal().store.reading() as view:
        found = view.payments.of_client(client_id)
    shown = [one for one in found if one.state in CAPTURED | {PaymentState.PROCESSING}]
    newest_first = sorted(shown, key=lambda one: one.created_at, reverse=True)
    return [_own(viewer, payment) for payment in newest_first]


def _posted_otherwise(client_id: str) -> Sequence[Past]:
    # What was paid here is posted under its payment ID: it is shown once, as made here.
    return [
        Past(
            day=one.receipt_date,
            words=write.method(one.method) if one.method else "Payment",
            cents=one.amount_cents,
            currency=one.currency,
        )
        for one in payer_frame.face().directory.payments(client_id)
        if not (one.reference or "").startswith("PI-")
    ]


def _own(viewer: Payer, payment: Payment) -> Past:
    words = method_words(payment)
    if payment.state in _STATES:
        words += f", {_STATES[payment.state]}"
    return Past(
        day=payment.created_at.astimezone(portal().settings.timezone).date(),
        words=words,
        cents=payment.amount_cents + payment.fee_cents,
        currency=payment.currency,
        payment_id=payment.payment_id if _sees_receipt(viewer, payment) else None,
    )


def _sees_receipt(viewer: Payer, payment: Payment) -> bool:
    is_account = viewer.entry in (EntryKind.ACCOUNT, EntryKind.STAFF)
    return is_account or payment.taken_by == viewer.actor


def _row(past: Past) -> None:
    with st.container(
        border=True,
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="center",
    ):
        with st.container(gap=None, width="content"):
            st.markdown(plain(write.day(past.day)))
            st.caption(plain(past.words))
        with st.container(horizontal=True, width="content", vertical_alignment="center"):
            shown = plain(write.money(past.cents, past.currency))
            st.markdown(f"**{shown}**", width="content")
            if past.payment_id:
                payer_navigation.link("Receipt", "receipt", payment=past.payment_id)
