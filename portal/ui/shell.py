"""The script of every visit: who is it, which pages are theirs, and the one they asked for."""

from pathlib import Path

import streamlit as st

from portal.domain.errors import Denied
from portal.domain.permissions import Principal
from portal.services.end_session import EndSession, end_session
from portal.settings import PROJECT
from portal.ui import brand, jump_box, live, looking_as, payer_shell
from portal.ui.frame import SESSION_KEY, find_principal, plain, portal, session_id
from portal.ui.navigation import everywhere, menu, pages_for
from portal.ui.payer_navigation import CLIENT, face
from portal.ui.sign_in import sign_in_page

ICON = PROJECT / "static" / "icon.png"
DESK = Path(__file__).parent / "shell_assets" / "desk.css"


def run() -> None:
    """Draw what this person asked for, or the sign-in page; payers have a shell of their own."""
    shown = face()
    if not portal().settings.has_face(shown):
        st.navigation([payer_shell.closed], position="hidden").run()
        return
    if shown == CLIENT:
        payer_shell.run()
        return
    st.set_page_config(page_title="Firm Portal", page_icon=str(ICON), layout="wide")
    _forget_other_sessions()
    live.begin()
    principal = find_principal()
    if principal is None:
        st.navigation(everywhere(sign_in_page, "Sign in"), position="hidden").run()
        return
    entries = pages_for(principal, portal().settings)
    st.html(DESK)
    _logo()
    if not principal.permissions or not entries:
        page = st.navigation(everywhere(_no_access, "No access"), position="hidden")
    else:
        page = st.navigation(menu(entries, _not_yours), expanded=True)
    _signed_in_as(principal)
    looking_as.banner(principal)
    try:
        page.run()
    finally:
        live.end()


def _forget_other_sessions() -> None:
    # A tab that reconnects after somebody else has signed in keeps nothing of the one before.
    now = session_id()
    if st.session_state.get(SESSION_KEY) not in (None, now):
        st.session_state.clear()
    if now:
        st.session_state[SESSION_KEY] = now


def _logo() -> None:
    is_dark = st.context.theme.type == "dark"
    st.logo(
        brand.lettering(portal().settings.firm_name, is_dark=is_dark),
        size="large",
        icon_image=brand.mark(),
    )


def _signed_in_as(principal: Principal) -> None:
    with st.sidebar:
        jump_box.draw()
    with (
        st.sidebar,
        st.container(
            horizontal=True,
            horizontal_alignment="distribute",
            vertical_alignment="center",
            gap=None,
        ),
    ):
        with st.container(gap=None, width="content"):
            st.markdown(f"**{plain(principal.full_name)}**")
            st.caption(plain(principal.home.capitalize()))
        if st.button("Sign out", icon=":material/logout:", key="sign_out", type="tertiary"):
            _sign_out()


def _sign_out() -> None:
    end_session(EndSession(session_id=session_id() or ""), store=portal().store, clock=portal().now)
    st.session_state.clear()
    # Streamlit's own way out, for every kind of sign-in: it also leaves the identity
    # provider, and the server takes the session cookie away in the same answer.
    st.logout()
    st.stop()


def _no_access() -> None:
    st.title("No access yet", anchor=False)
    st.write(
        "You are signed in, but none of your groups may see anything here. "
        "Ask your firm's administrator to add you to a group that has access."
    )


def _not_yours() -> None:
    st.title("No access", anchor=False)
    raise Denied("You do not have the permission for this page. Ask your firm's administrator.")


run()
