"""The jump box: `/` on any page finds a client or an invoice by name or number and opens it."""

from collections.abc import Mapping
from pathlib import Path

import streamlit as st

from portal.ui import links
from portal.ui.server_path import base_path

LONGEST_ID = 200
_KINDS = ("client", "invoice")
_ASSETS = Path(__file__).parent / "jump_assets"


def _asset(name: str) -> str:
    return (_ASSETS / name).read_text(encoding="utf-8")


_BOX = st.components.v2.component(
    "portal_jump_box", html=_asset("jump.html"), css=_asset("jump.css"), js=_asset("jump.js")
)


def draw() -> None:
    """Draw the box; goes to the page of what was chosen. That page checks the rights again."""
    if not any(links.find_page(kind) for kind in _KINDS):
        return
    answer = _BOX(
        key="jump_box",
        data={"base": base_path()},
        on_open_change=lambda: None,
        width="stretch",
        height="content",
    )
    if found := read_choice(answer.open):
        page, record_id = found
        links.go(page, id=record_id)


def read_choice(value: object) -> tuple[str, str] | None:
    """What was chosen: the page and the record; None for anything that is not a choice."""
    if not isinstance(value, Mapping):
        return None
    kind, record_id = value.get("kind"), value.get("id")
    if kind not in _KINDS or not isinstance(record_id, str) or not 0 < len(record_id) <= LONGEST_ID:
        return None
    return kind, record_id
