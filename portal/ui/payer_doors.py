"""How payers come in: two numbers as a guest, or the account; and the hand-over to the browser."""

from pathlib import Path

import streamlit as st

from portal.domain.errors import SignInRefused
from portal.services.open_as_guest import OpenAsGuest, open_as_guest
from portal.ui import payer_frame, payer_navigation
from portal.ui.frame import plain, portal

_TOKEN = "payer_token"  # noqa: S105 - the name of a place
_PROBLEM = "payer_problem"
_ENTER = st.components.v2.component(
    "payer_enter",
    js=(Path(__file__).parent / "payer_assets" / "enter.js").read_text(encoding="utf-8"),
)


def door() -> None:
    """The door: what a stranger sees at any address of the client portal."""
    payer_frame.page("View and pay your invoices")
    if payer_frame.session_id() and _TOKEN not in st.session_state:
        st.info(
            "Your visit has ended. Open the link of your mail again, or come in below.",
            icon=":material/lock_clock:",
        )
    with st.form("guest", border=True):
        st.markdown("**With your client number**")
        client_number = st.text_input("Client number", key="guest_client", max_chars=60)
        invoice_number = st.text_input(
            "Invoice number",
            key="guest_invoice",
            max_chars=60,
            help="Of any invoice of ours, paid or not. Both numbers are on every invoice.",
        )
        asked = st.form_submit_button("View invoices", type="primary", width="stretch")
    if asked:
        _come_in(client_number, invoice_number)
    problem()
    with st.container(horizontal=True):
        payer_navigation.link("Sign in", "sign_in", icon=":material/login:")
        payer_navigation.link("Create an account", "sign_up", icon=":material/person_add:")
    hand_over()


def _come_in(client_number: str, invoice_number: str) -> None:
    face = payer_frame.face()
    command = OpenAsGuest(
        client_number=client_number, invoice_number=invoice_number, address=payer_frame.address()
    )
    try:
        token = open_as_guest(
            command,
            store=portal().store,
            clock=portal().now,
            tokens=face.links,
            directory=face.directory,
        )
    except SignInRefused as refusal:
        st.session_state[_PROBLEM] = str(refusal)
        return
    keep(token)


def keep(token: str) -> None:
    """Let the browser exchange this token when the page is drawn."""
    st.session_state[_TOKEN] = token


def problem() -> None:
    """Say why the last try to come in failed."""
    text = st.session_state.pop(_PROBLEM, None)
    if text:
        st.error(plain(text), icon=":material/error:")


def hand_over() -> None:
    """Hand the browser its token; it comes back with a cookie. The last call of a door."""
    _ENTER(
        key="payer_enter",
        data={"token": st.session_state.pop(_TOKEN, "")},
        height=1,
        on_refused_change=_took_long,
    )


def _took_long() -> None:
    st.session_state[_PROBLEM] = "That took too long. Please try again."
