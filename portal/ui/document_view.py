"""A received document on the page: a preview, and the ways to download or open it."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import streamlit as st

from portal.ui.server_path import base_path

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
    _show("document", ("documents", "invoice", invoice_id), "pdf", title)


def payers_invoice(invoice_id: str, title: str) -> None:
    """Show a payer the PDF of an invoice of theirs, by the route for payers."""
    _show("payer_document", ("payer", "invoice", invoice_id), "pdf", title)


def staged_mail(statement_id: str) -> None:
    """Show the mail of a statement exactly as it would leave."""
    _show(f"mail_{statement_id}", ("mail", "staged", statement_id), "html", "The mail")


def staged_paper(statement_id: str) -> None:
    """Show the PDF that goes with a statement's mail."""
    _show(f"paper_{statement_id}", ("mail", "staged", statement_id), "pdf", "The statement")


def client_statement(client_id: str, currency: str, first: date | None, last: date | None) -> None:
    """Show a client's statement: what is open, or the activity of a period."""
    period = (first.isoformat(), last.isoformat()) if first and last else ("open",)
    parts = ("documents", "account", client_id, currency, *period)
    _show("_".join(parts), parts, "pdf", "The statement")


def _show(key: str, parts: Sequence[str], kind: str, title: str) -> None:
    _VIEW(
        key=key,
        data={"base": base_path(), "parts": list(parts), "kind": kind, "title": title},
        width="stretch",
        height="content",
    )
