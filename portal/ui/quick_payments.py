"""Payments by quick link that no client has yet: say whose they are, and for which invoice."""

import streamlit as st

from portal.domain.applications import Line
from portal.domain.errors import PortalError
from portal.domain.payment_states import PaymentState
from portal.services.apply_unapplied import ApplyUnapplied
from portal.services.associate_payment import AssociatePayment
from portal.services.money_records import Payment
from portal.services.payout_ports import key_of_payment
from portal.ui import client_search, frame
from portal.ui import format as write
from portal.ui.dialogs import dialog
from portal.ui.frame import plain, portal

_PAID = (PaymentState.SUCCEEDED, PaymentState.PROCESSING, PaymentState.PART_REFUNDED)


def waiting() -> None:
    """Draw the payments that fall on the catch-all client until somebody associates them."""
    with portal().store.reading() as view:
        found = view.payments.without_client(_PAID)
    if not found:
        return
    st.header("Waiting for a client", anchor=False)
    for payment in found:
        _payment(payment)


def _payment(payment: Payment) -> None:
    with st.container(
        border=True,
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="center",
    ):
        with st.container(gap=None, width="content"):
            amount = write.money(payment.amount_cents, payment.currency)
            st.markdown(f"**{plain(amount)}** {plain(payment.payer_name)}")
            st.caption(
                plain(
                    " · ".join(
                        p for p in (payment.payment_id, payment.note, payment.payer_email) if p
                    )
                )
            )
        if st.button("Associate", key=f"associate_{payment.payment_id}"):
            _associate(payment)


@dialog("Whose payment is it?")
def _associate(payment: Payment) -> None:
    contents(payment)


def contents(payment: Payment) -> None:
    """Draw the search for the client and, while no payment file has told it, the invoice."""
    client_id = client_search.choose("associate_client")
    if client_id is None:
        return
    with portal().store.reading() as view:
        balances = view.balances.of_client(client_id)
        payable = view.balances.payable(one.invoice_id for one in balances)
        items = view.payments.items(payment.payment_id)
        is_told = bool(view.files.filed(key_of_payment(item.item_id) for item in items))
    names = {
        one.invoice_id: f"Invoice {one.invoice_number}: "
        f"{write.money(payable[one.invoice_id], one.currency)} open"
        for one in balances
        if payable[one.invoice_id] > 0 and one.currency == payment.currency
    }
    invoice_id = "" if is_told else _invoice_of(names)
    if is_told:
        st.caption(
            "A payment file has told this money already: the next one moves it to this client. "
            "Apply it to an invoice in your practice management system."
        )
    if st.button("Associate", type="primary", key="associate_now"):
        _do(payment, client_id, invoice_id or None, payable)


def _invoice_of(names: dict[str, str]) -> str:
    return st.selectbox(
        "For which invoice?",
        ["", *names],
        format_func=lambda one: names.get(one, "None: it stays unapplied"),
        key="associate_invoice",
    )


def _do(payment: Payment, client_id: str, invoice_id: str | None, payable: dict[str, int]) -> None:
    actor = frame.principal()
    try:
        portal().money.associate_payment(
            AssociatePayment(actor=actor, payment_id=payment.payment_id, client_id=client_id)
        )
        if invoice_id is not None:
            with portal().store.reading() as view:
                (item, *_) = view.payments.items(payment.payment_id)
            cents = min(item.cents - item.refunded_cents, payable[invoice_id])
            line = Line(invoice_id=invoice_id, cents=cents)
            portal().money.apply_unapplied(
                ApplyUnapplied(actor=actor, item_id=item.item_id, lines=(line,))
            )
    except PortalError as refusal:
        st.error(plain(str(refusal)), icon=":material/error:")
        return
    st.rerun()
