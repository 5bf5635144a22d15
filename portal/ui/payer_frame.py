"""The frame of every payer page: the firm's name, who is looking, and the few ways there are."""

from html import escape
from typing import NoReturn

import streamlit as st

from portal.client_portal import ClientPortal
from portal.domain.payers import EntryKind, Payer, PayerClient
from portal.services.choose_payer_client import ChoosePayerClient, choose_payer_client
from portal.services.end_payer_session import EndPayerSession, end_payer_session
from portal.services.payer_doors import PAYER_COOKIE
from portal.services.tickets import hash_of
from portal.ui import payer_navigation
from portal.ui.frame import plain, portal

SESSION = "payer_session_id"


def face() -> ClientPortal:
    """The client portal of the running portal."""
    return portal().client_portal


def session_id() -> str | None:
    """The id of this browser's visit, from its cookie; it may be over."""
    cookie = st.context.cookies.get(PAYER_COOKIE)
    # Page tests have no browser and no cookie: they put the id where the shell keeps it.
    return hash_of(cookie) if isinstance(cookie, str) else st.session_state.get(SESSION)


def find_payer() -> Payer | None:
    """Who is looking, read anew; None for a stranger."""
    known = session_id()
    return face().payer(known) if known else None


def payer() -> Payer:
    """Who is looking, read anew. Ends this run and shows the door when it is nobody."""
    found = find_payer()
    if found is None:
        st.rerun()
    return found


def client(viewer: Payer) -> PayerClient:
    """The client the page is about: the one chosen, or the only one.

    Ends this run and shows all accounts where there is none, or several and none chosen yet.
    """
    asked = viewer.chosen_client_id
    only = viewer.client_ids[0] if len(viewer.client_ids) == 1 else None
    client_id = asked if asked in viewer.client_ids else only
    found = face().directory.client(client_id) if client_id else None
    if found is None:
        payer_navigation.go("accounts")
        st.stop()
    return found


def choose_client(viewer: Payer, client_id: str) -> None:
    """Make a client the one the pages are about."""
    command = ChoosePayerClient(payer=viewer, client_id=client_id)
    choose_payer_client(command, store=portal().store)


def page(title: str, subtitle: str = "", *, viewer: Payer | None = None) -> None:
    """Draw the head of a page: the firm, the ways, the bar of staff, the title."""
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        _firm()
        if viewer is not None:
            _ways(viewer)
    if viewer is not None and viewer.staff_key:
        _staff_bar(viewer)
    with st.container(gap=None):
        st.title(plain(title), anchor=False)
        if subtitle:
            st.caption(plain(subtitle))


def missing(viewer: Payer, what: str) -> NoReturn:
    """Say that there is no such thing, in the same words for what is somebody else's; and end."""
    page(what.capitalize(), viewer=viewer)
    st.warning(plain(f"There is no such {what}."), icon=":material/block:")
    payer_navigation.link("Your invoices", "invoices", icon=":material/arrow_back:")
    st.stop()


def address() -> str:
    """The network address of whoever is looking."""
    return str(st.context.ip_address or "127.0.0.1")


def foot(found: PayerClient | None = None) -> None:
    """Say whom to ask."""
    st.space("small")
    if found is not None and found.responsible_name:
        who = plain(found.responsible_name)
        if found.responsible_email:
            who += f" · {plain(found.responsible_email)}"
        st.caption(f"Questions? {who}")


def _firm() -> None:
    settings = portal().settings
    with st.container(horizontal=True, vertical_alignment="center", width="content", gap="small"):
        logo = settings.payers.logo
        name = settings.firm_name
        st.image(str(logo) if logo else monogram(name, settings.payers.colour), width=36)
        st.markdown(f"**{plain(name)}**", width="content")


def monogram(name: str, colour: str) -> str:
    """The firm's first letter on its colour, as SVG; for firms without a logo file."""
    letter = escape(name.strip()[:1].upper() or "F")
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40" viewBox="0 0 40 40">'
        f'<rect width="40" height="40" rx="10" fill="{colour}"/>'
        '<text x="20" y="27" font-size="20" font-weight="700" text-anchor="middle"'
        f' fill="#fff" font-family="Inter, system-ui, sans-serif">{letter}</text></svg>'
    )


def _ways(viewer: Payer) -> None:
    with st.container(horizontal=True, width="content", vertical_alignment="center"):
        payer_navigation.link("Invoices", "invoices", icon=":material/receipt_long:")
        if portal().settings.payers.history:
            payer_navigation.link("Payments", "history", icon=":material/payments:")
        if viewer.keeps_things:
            payer_navigation.link("Settings", "settings", icon=":material/settings:")
        elif viewer.entry in (EntryKind.LINK, EntryKind.GUEST):
            payer_navigation.link("Sign in", "sign_in", icon=":material/person:")


def _staff_bar(viewer: Payer) -> None:
    st.warning(
        f"**Staff view.** {plain(viewer.full_name)} is looking at this client's portal. "
        "What you do here is recorded under your name.",
        icon=":material/badge:",
    )
    if st.button("Leave the client's portal", key="staff_leave", type="tertiary"):
        leave()


def leave() -> None:
    """End the visit and show the door."""
    end_payer_session(
        EndPayerSession(session_id=session_id() or ""), store=portal().store, clock=portal().now
    )
    st.rerun()
