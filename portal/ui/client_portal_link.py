"""Staff's way into one client's portal; the door hands them over and writes it down."""

import uuid
from pathlib import Path
from urllib.parse import urlencode

import streamlit as st

from portal.domain.permissions import Permission
from portal.ui import frame
from portal.ui.server_path import base_path

_DOOR = st.components.v2.component(
    "staff_door",
    js=(Path(__file__).parent / "payer_assets" / "staff_door.js").read_text(encoding="utf-8"),
)


def is_offered() -> bool:
    """Whether the person looking may open client portals on this server."""
    has_face = frame.portal().settings.has_face("client")
    return has_face and frame.principal().may(Permission.OPEN_CLIENT_PORTAL)


def place(client_id: str, invoice_id: str | None = None) -> str:
    """Where a client's portal opens for staff; the session of who comes there decides."""
    asked = {"client": client_id} | ({"invoice": invoice_id} if invoice_id else {})
    return f"{base_path()}/client-portal/staff?{urlencode(asked)}"


def button(client_id: str, invoice_id: str | None = None, *, label: str) -> None:
    """Draw the way in, for those who may."""
    if is_offered():
        st.link_button(label, place(client_id, invoice_id), icon=":material/open_in_new:")


def open_now(client_id: str, invoice_id: str | None = None) -> None:
    """Open it as the answer to a row's menu."""
    if not is_offered():
        frame.refused("You do not have the permission for that. Ask your firm's administrator.")
        return
    there = place(client_id, invoice_id)
    _DOOR(key="staff_door", data={"mark": uuid.uuid4().hex, "place": there}, height=1)
    st.toast("Opening the client portal in a new tab …")
