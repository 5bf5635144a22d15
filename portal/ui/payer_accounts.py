"""The clients linked to an account: what each owes, and adding one oneself."""

import streamlit as st

from portal.domain.errors import PortalError
from portal.domain.payers import EntryKind, Payer
from portal.services.add_client_oneself import AddClientOneself, add_client_oneself
from portal.services.unpaid_invoices import owed_cents
from portal.ui import format as write
from portal.ui import payer_frame, payer_navigation
from portal.ui.frame import empty, plain, portal


def overview(viewer: Payer) -> None:
    """Draw every linked client with what it owes."""
    clients = [payer_frame.face().directory.client(one) for one in viewer.client_ids]
    known = [client for client in clients if client is not None]
    if not known:
        empty(
            "No client yet",
            "Add one below with its number and the number of any of its invoices.",
        )
    for client in known:
        owed = owed_cents(viewer, client.client_id, store=portal().store)
        with st.container(border=True):
            with st.container(
                horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
            ):
                with st.container(gap=None, width="content"):
                    st.markdown(f"**{plain(client.client_name)}**")
                    st.caption(plain(f"Client {client.client_number}"))
                due = ", ".join(write.money(cents, currency) for currency, cents in owed.items())
                st.markdown(f"**{plain(due or 'Nothing to pay')}**", width="content")
            label = "View and pay" if owed else "View"
            if st.button(label, key=f"open_{client.client_id}", width="stretch"):
                payer_frame.choose_client(viewer, client.client_id)
                payer_navigation.go("invoices")


def switch(viewer: Payer) -> None:
    """Draw the way to the other clients of the account, where there are several."""
    if len(viewer.client_ids) > 1:
        payer_navigation.link("All accounts", "accounts", icon=":material/apartment:")


def add_client(viewer: Payer) -> None:
    """Draw the form with which a user adds a client to their account."""
    if viewer.entry is not EntryKind.ACCOUNT:
        return
    with st.expander("Add a client", icon=":material/add:", expanded=not viewer.client_ids):
        with st.form("add_client", border=False, clear_on_submit=True):
            client_number = st.text_input("Client number", key="add_client_number", max_chars=60)
            invoice_number = st.text_input(
                "Number of any of its invoices", key="add_invoice_number", max_chars=60
            )
            asked = st.form_submit_button("Add client", type="primary")
        if asked:
            _add(viewer, client_number, invoice_number)


def _add(viewer: Payer, client_number: str, invoice_number: str) -> None:
    command = AddClientOneself(
        payer=viewer,
        client_number=client_number,
        invoice_number=invoice_number,
        address=payer_frame.address(),
    )
    face = payer_frame.face()
    try:
        add_client_oneself(
            command, store=portal().store, clock=portal().now, directory=face.directory
        )
    except PortalError as refusal:
        st.error(plain(str(refusal)), icon=":material/error:")
        return
    st.rerun()
