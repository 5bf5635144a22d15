"""A received document on the page: a preview, and the ways to download or open it."""

from pathlib import Path

import streamlit as st

from portal.ui.jump_box import base_path

_ASSETS = Path(__file__).parent / "document_assets"
# A frame of our own: Streamlit's is sandboxed, and browsers show no PDF in one.
_VIEW = st.components.v2.component(
    "portal_document",
    html='<div class="document"></div>',
    css=(_ASSETS / "document.css").read_text(encoding="utf-8"),
    js=(_ASSETS / "document.js").read_text(encoding="utf-8"),
)


def invoice(invoice_id: str, title: str) -> None:
    """Show an invoice's PDF; the route that serves it checks the rights again."""
    _VIEW(
        key="document",
        data={"base": base_path(), "invoice_id": invoice_id, "title": title},
        width="stretch",
        height="content",
    )
