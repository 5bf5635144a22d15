"""The firm's quick payment links: make one, show its address and QR code, revoke it."""

import io
from datetime import datetime, time, timedelta

import segno
import streamlit as st

from portal.domain.errors import PortalError
from portal.domain.money import parse_cents
from portal.services.make_quick_link import MakeQuickLink, make_quick_link, quick_token
from portal.services.payer_ports import QuickLink
from portal.services.revoke_quick_link import RevokeQuickLink, revoke_quick_link
from portal.ui import frame, grid
from portal.ui.dialogs import dialog
from portal.ui.frame import plain, portal
from portal.ui.grid_event import GridEvent

_MADE = "quick_made"
"""The link the open dialog has made: a double click makes one, and shows it."""


def ways() -> None:
    """Draw the way to a new link."""
    if st.button("New quick link", type="primary", icon=":material/add_link:", key="quick_new"):
        st.session_state.pop(_MADE, None)
        _new()


def links() -> None:
    """Draw the list; opening a row shows its address, its menu revokes it."""
    if not portal().settings.payers.quick_links:
        frame.refused("Your firm has switched quick payment links off ([payers] quick_links).")
        return
    grid.list_grid("quick_links", on_event=_chosen)


def _chosen(event: GridEvent) -> None:
    with portal().store.reading() as view:
        link = view.quick_links.find(event.row_id or "")
    if link is None:
        return
    if event.action == "revoke_link":
        _revoke(link)
    else:
        _show(link)


@dialog("New quick link")
def _new() -> None:
    if made := st.session_state.get(_MADE):
        _ready(made)
        return
    place = st.empty()
    with place.form("quick_link", border=False):
        st.caption("Whoever has the address can pay, without a client number.")
        label = st.text_input("Label (for you)", key="quick_label", max_chars=200)
        purpose = st.text_input("What is paid (the payer reads it)", key="quick_purpose")
        amount = st.text_input("Amount (empty: the payer says)", key="quick_amount", max_chars=20)
        last_day = st.date_input("Good until", value=None, key="quick_until")
        most = st.number_input(
            "Most payments", 1, 100_000, value=None, step=1, key="quick_most", placeholder="any"
        )
        asked = st.form_submit_button("Make the link", type="primary", width="stretch")
    if not asked:
        return
    try:
        link = make_quick_link(
            MakeQuickLink(
                actor=frame.principal(),
                label=label,
                description=purpose,
                amount_cents=parse_cents(amount) if amount.strip() else None,
                currency=portal().settings.currency,
                expires_at=_end_of(last_day),
                most_uses=most,
            ),
            store=portal().store,
            clock=portal().now,
            tokens=portal().client_portal.links,
            is_enabled=portal().settings.payers.quick_links,
        )
    except PortalError as refusal:
        st.error(plain(str(refusal)), icon=":material/error:")
        return
    st.session_state[_MADE] = link
    place.empty()
    _ready(link)


def _ready(link: QuickLink) -> None:
    st.markdown(f"**{plain(link.label)}** is ready.")
    _address(link)


def _end_of(day: object) -> datetime | None:
    if day is None:
        return None
    midnight = datetime.combine(day, time(), portal().settings.timezone)  # type: ignore[arg-type]
    return midnight + timedelta(days=1)


@dialog("Quick link")
def _show(link: QuickLink) -> None:
    st.markdown(f"**{plain(link.label)}**")
    _address(link)


def _address(link: QuickLink) -> None:
    face = portal().client_portal
    if not link.is_open(portal().now()):
        frame.refused("This link does not work any more.")
        return
    address = face.quick_url(quick_token(link, face.links))
    st.code(address, language=None, wrap_lines=True)
    with st.container(horizontal_alignment="center"):
        st.image(qr_code(address), width=220)
    subject = "Payment"
    st.link_button(
        "Mail it",
        f"mailto:?subject={subject}&body={address.replace('#', '%23')}",
        icon=":material/mail:",
        width="stretch",
    )


def qr_code(address: str) -> str:
    """The address as a QR code, as SVG."""
    drawn = io.BytesIO()
    segno.make(address, error="m").save(drawn, kind="svg", scale=5, border=3, light="#fff")
    return drawn.getvalue().decode("utf-8").partition("?>\n")[2]


@dialog("Revoke this link?")
def _revoke(link: QuickLink) -> None:
    st.write(f"{plain(link.label)}: nobody can pay by it any more. Payments made stay.")
    if st.button("Revoke", type="primary", key="quick_revoke"):
        command = RevokeQuickLink(actor=frame.principal(), link_id=link.link_id)
        revoke_quick_link(command, store=portal().store, clock=portal().now)
        st.rerun()
