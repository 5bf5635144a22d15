"""The script of a payer's visit: who is it, which pages are theirs, and the one they asked for."""

from pathlib import Path

import streamlit as st

from portal.settings import PROJECT
from portal.ui import payer_doors, payer_frame
from portal.ui.frame import plain, portal, refused
from portal.ui.payer_navigation import payer_pages

ICON = PROJECT / "static" / "icon.png"
PHONE = Path(__file__).parent / "payer_assets" / "phone.css"


def run() -> None:
    """Draw what this payer asked for, or the door. No staff chrome, no sidebar."""
    settings = portal().settings
    st.set_page_config(
        page_title=settings.firm_name,
        page_icon=str(ICON),
        layout="centered",
        initial_sidebar_state="collapsed",
    )
    st.html(PHONE)
    _forget_other_visits()
    viewer = payer_frame.find_payer()
    pages = payer_pages(is_in=viewer is not None, door=payer_doors.door)
    st.navigation(pages, position="hidden").run()


def closed() -> None:
    """This server does not show the face that was asked for."""
    st.title(plain(portal().settings.firm_name), anchor=False)
    refused("There is nothing at this address.")


def _forget_other_visits() -> None:
    # A tab that reconnects after somebody else came in keeps nothing of the one before.
    now = payer_frame.session_id()
    known = st.session_state.get(payer_frame.SESSION)
    if known not in (None, now):
        kept = st.session_state.get("shell_face")
        st.session_state.clear()
        st.session_state["shell_face"] = kept
    if now:
        st.session_state[payer_frame.SESSION] = now
