"""One invoice as its payer sees it: amounts, document, whom to ask."""

import streamlit as st

from portal.domain.payers import Payer, PayerInvoice
from portal.ui import document_view, payer_frame, payer_navigation
from portal.ui import format as write
from portal.ui.frame import empty, plain, portal


def asked_for(viewer: Payer) -> PayerInvoice:
    """The invoice in the address; ends the page where there is none of theirs."""
    found = payer_frame.face().directory.invoice(st.query_params.get("id", "")[:200])
    if found is None or found.client_id not in viewer.client_ids:
        payer_frame.missing(viewer, "invoice")
    payer_frame.choose_client(viewer, found.client_id)
    return found


def amounts(invoice: PayerInvoice) -> None:
    """Draw what it was made out for, what is left to pay, and the way to pay it."""
    with portal().store.reading() as view:
        payable = view.balances.payable([invoice.invoice_id]).get(invoice.invoice_id, 0)
    with st.container(horizontal=True):
        st.metric("Amount", plain(write.money(invoice.amount_cents, invoice.currency)))
        st.metric("To pay", plain(write.money(max(payable, 0), invoice.currency)))
    if invoice.engagement_name:
        st.caption(plain(f"For {invoice.engagement_name}"))
    if payable > 0 and st.button("Pay this invoice", type="primary", width="stretch"):
        choose_only(invoice)


def choose_only(invoice: PayerInvoice) -> None:
    """Go and pay this one invoice."""
    with portal().store.reading() as view:
        for balance in view.balances.of_client(invoice.client_id):
            st.session_state[f"pick_{balance.invoice_id}"] = (
                balance.invoice_id == invoice.invoice_id
            )
    payer_navigation.go("invoices")


def document(invoice: PayerInvoice) -> None:
    """Draw the received PDF, or say that there is none."""
    if not portal().has_invoice_pdf(invoice.invoice_id):
        empty("No document here", "We have sent it to you by mail or post.")
        return
    document_view.payers_invoice(invoice.invoice_id, f"Invoice {invoice.invoice_number}")


def responsible(invoice: PayerInvoice) -> None:
    """Draw who looks after the client at the firm."""
    found = payer_frame.face().directory.client(invoice.client_id)
    if found is None or not found.responsible_name:
        return
    with st.container(border=True, gap="xxsmall"):
        st.caption("Your contact at the firm")
        st.markdown(f"**{plain(found.responsible_name)}**")
        if found.responsible_email:
            st.link_button(
                plain(found.responsible_email),
                f"mailto:{found.responsible_email}",
                icon=":material/mail:",
            )
