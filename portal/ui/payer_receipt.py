"""What came of a payment, and its receipt."""

import streamlit as st

from portal.domain.errors import NotFound
from portal.domain.payers import EntryKind, Payer
from portal.domain.payment_states import PaymentState
from portal.services.money_records import Payment, PaymentItem
from portal.services.payer_receipts import payment_for
from portal.services.payment_letters import method_words
from portal.ui import format as write
from portal.ui import payer_frame, payer_navigation
from portal.ui.frame import plain, portal

ASKS_AGAIN_SECONDS = 3
S = PaymentState
_WORDS = {
    S.SUCCEEDED: ("success", ":material/check_circle:", "Paid. Thank you."),
    S.PROCESSING: (
        "success",
        ":material/schedule:",
        "Your payment is on its way. Bank debits take a few business days.",
    ),
    S.UNKNOWN: (
        "warning",
        ":material/hourglass_top:",
        "We are asking the bank what came of it. Please do not pay again; we write to you.",
    ),
    S.DECLINED: ("error", ":material/error:", "Declined. Nothing was charged."),
    S.VOIDED: ("info", ":material/info:", "Not paid. Nothing was charged."),
    S.PART_REFUNDED: ("info", ":material/undo:", "Paid, and a part of it was sent back."),
    S.REFUNDED: ("info", ":material/undo:", "Paid, and sent back in full."),
    S.RETURNED: ("error", ":material/error:", "Your bank has taken this payment back."),
    S.DISPUTED: ("warning", ":material/gavel:", "This payment is being contested."),
}
_OPEN = ("info", ":material/hourglass_top:", "This payment is not finished yet.")


def asked_for(viewer: Payer) -> Payment:
    """The payment in the address; ends the page where there is none of theirs."""
    try:
        return payment_for(
            viewer,
            st.query_params.get("payment", "")[:40],
            store=portal().store,
            shows_history=portal().settings.payers.history,
        )
    except NotFound:
        payer_frame.missing(viewer, "payment")


def draw(payment: Payment) -> None:
    """Draw the outcome, the receipt and the ways on; what is not settled asks again by itself."""
    if payment.state in (S.UNKNOWN, S.PENDING, S.REQUIRES_ACTION):
        _settling(payment.payment_id, payment.state)
    else:
        outcome(payment)
    receipt(payment)


@st.fragment(run_every=ASKS_AGAIN_SECONDS)
def _settling(payment_id: str, shown: PaymentState) -> None:
    with portal().store.reading() as view:
        payment = view.payments.find(payment_id)
    if payment is not None and payment.state is not shown:
        st.rerun()
    if payment is not None:
        outcome(payment)


def outcome(payment: Payment) -> None:
    """Say what came of it."""
    box, icon, words = _WORDS.get(payment.state, _OPEN)
    getattr(st, box)(words, icon=icon)
    if payment.payer_email and payment.state in (S.SUCCEEDED, S.PROCESSING):
        st.caption(f"The receipt goes to {plain(payment.payer_email)}.")


def receipt(payment: Payment) -> None:
    """Draw what was paid, by what, for which invoices."""
    with portal().store.reading() as view:
        items = view.payments.items(payment.payment_id)
    zone = portal().settings.timezone
    with st.container(border=True):
        total = write.money(payment.amount_cents + payment.fee_cents, payment.currency)
        st.metric("Amount", plain(total))
        for item in items:
            _line(_item_words(item), item.cents, payment.currency)
        if payment.fee_cents:
            _line("Credit card fee", payment.fee_cents, payment.currency)
        when = write.moment(payment.captured_at or payment.created_at, zone)
        st.caption(f"{plain(method_words(payment))} · {plain(when)} · {plain(payment.payment_id)}")


def _item_words(item: PaymentItem) -> str:
    return f"Invoice {item.invoice_number}" if item.invoice_id else "Payment"


def _line(label: str, cents: int, currency: str) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        st.markdown(plain(label), width="content")
        st.markdown(plain(write.money(cents, currency)), width="content")


def ways(viewer: Payer, payment: Payment) -> None:
    """Draw the ways on."""
    if payment.state in (S.SUCCEEDED, S.PROCESSING):
        st.link_button(
            "Receipt as PDF",
            f"/payer/receipt/{payment.payment_id}.pdf",
            icon=":material/picture_as_pdf:",
            width="stretch",
        )
    if st.button("Back to the invoices", width="stretch", key="receipt_back"):
        payer_navigation.go("invoices")
    if viewer.entry in (EntryKind.LINK, EntryKind.GUEST):
        payer_navigation.link(
            "Create an account: keep your method, set up AutoPay",
            "sign_up",
            icon=":material/person_add:",
        )
