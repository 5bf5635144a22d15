"""Past payments of a client: those made here, and those the firm has posted otherwise."""

from collections.abc import Sequence

import streamlit as st

from portal.domain.payers import EntryKind, PastPayment, Payer, PayerClient
from portal.domain.payment_states import CAPTURED, PaymentState
from portal.services.money_records import Payment
from portal.services.payment_letters import method_words
from portal.ui import format as write
from portal.ui import payer_frame, payer_navigation
from portal.ui.frame import empty, plain, portal

SHOWN = 50
_STATES = {
    PaymentState.PROCESSING: "on its way",
    PaymentState.PART_REFUNDED: "a part sent back",
    PaymentState.REFUNDED: "sent back",
    PaymentState.RETURNED: "taken back by the bank",
    PaymentState.DISPUTED: "contested",
}


def draw(viewer: Payer, client: PayerClient) -> None:
    """Draw the payments, newest first, if the firm shows them to payers."""
    if not portal().settings.payers.history:
        empty("Not shown here", "Your firm does not show past payments. Please ask.")
        return
    made = _made_here(client.client_id)
    posted = _posted_otherwise(client.client_id)
    if not made and not posted:
        empty("No payments yet")
        return
    for payment in made[:SHOWN]:
        _own(viewer, payment)
    for past in posted[: SHOWN - len(made[:SHOWN])]:
        _row(
            write.day(past.receipt_date),
            write.method(past.method) if past.method else "Payment",
            past.amount_cents,
            past.currency,
        )


def _made_here(client_id: str) -> Sequence[Payment]:
    with portal().store.reading() as view:
        found = view.payments.of_client(client_id)
    shown = [one for one in found if one.state in CAPTURED | {PaymentState.PROCESSING}]
    return sorted(shown, key=lambda one: one.created_at, reverse=True)


def _posted_otherwise(client_id: str) -> Sequence[PastPayment]:
    # What was paid here is posted under its payment ID: it is shown once, as made here.
    found = payer_frame.face().directory.payments(client_id)
    return [one for one in found if not (one.reference or "").startswith("PI-")]


def _own(viewer: Payer, payment: Payment) -> None:
    zone = portal().settings.timezone
    words = method_words(payment)
    if payment.state in _STATES:
        words += f", {_STATES[payment.state]}"
    _row(
        write.day(payment.created_at.astimezone(zone).date()),
        words,
        payment.amount_cents + payment.fee_cents,
        payment.currency,
        payment_id=payment.payment_id if _sees_receipt(viewer, payment) else None,
    )


def _sees_receipt(viewer: Payer, payment: Payment) -> bool:
    is_account = viewer.entry in (EntryKind.ACCOUNT, EntryKind.STAFF)
    return is_account or payment.taken_by == viewer.actor


def _row(day: str, words: str, cents: int, currency: str, payment_id: str | None = None) -> None:
    with st.container(
        border=True,
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="center",
    ):
        with st.container(gap=None, width="content"):
            st.markdown(plain(day))
            st.caption(plain(words))
        with st.container(horizontal=True, width="content", vertical_alignment="center"):
            st.markdown(f"**{plain(write.money(cents, currency))}**", width="content")
            if payment_id:
                payer_navigation.link("Receipt", "receipt", payment=payment_id)
