"""Ways from page to page: links and jumps to what the person looking may open."""

from collections.abc import Callable, Mapping
from typing import NoReturn

import streamlit as st

from portal.domain.permissions import Permission
from portal.ui import client_portal_link, frame, list_slices, reads, resend_invoice
from portal.ui.grid_event import GridEvent
from portal.ui.navigation import PageEntry, pages_for


def find_page(name: str) -> PageEntry | None:
    """The page of that name, if the person looking may open it."""
    viewer = frame.principal()
    entries = pages_for(viewer, frame.portal().settings)
    return next((entry for entry in entries if entry.file == name), None)


def go(name: str, **params: str | None) -> NoReturn:
    """Leave for another page. Parameters that are None are left out."""
    entry = find_page(name)
    if entry is None:
        frame.refused("You do not have the permission for that. Ask your firm's administrator.")
        st.stop()
    st.switch_page(entry.path, query_params=_given(params))


def link(
    label: str,
    page: str,
    *,
    icon: str | None = None,
    icon_after: bool = False,
    hint: str | None = None,
    **params: str | None,
) -> None:
    """Draw a link; only its text for somebody who may not open the page."""
    entry = find_page(page)
    if entry is None:
        st.markdown(frame.plain(label), width="content")
        return
    st.page_link(
        entry.path,
        label=frame.plain(label),
        icon=icon,
        icon_position="right" if icon_after else "left",
        help=frame.plain(hint) if hint else None,
        query_params=_given(params),
    )


def opener(list_name: str) -> Callable[[GridEvent], None]:
    """What happens when a row of a list is opened: its page, its client, or a part of it."""
    return {"clients": _open_client, "invoices": _open_invoice, "payments": _open_payment}[
        list_name
    ]


def client_of_row(row_id: str) -> str:
    """The client of a row of the clients list: a row is a client in one currency, `10-USD`."""
    return row_id.rpartition("-")[0]


_PARTS: Mapping[str, tuple[str, Permission, str | None]] = {
    "open_invoices": ("Invoices", Permission.VIEW_INVOICES, None),
    "open_outstanding": ("Invoices", Permission.VIEW_INVOICES, list_slices.outstanding()["view"]),
    "open_overdue": ("Invoices", Permission.VIEW_INVOICES, list_slices.overdue()["view"]),
    "open_payments": ("Payments", Permission.VIEW_PAYMENTS, None),
    "open_paid": ("Payments", Permission.VIEW_PAYMENTS, list_slices.paid_to_date()["view"]),
    "open_unapplied": ("Payments", Permission.VIEW_PAYMENTS, list_slices.unapplied()["view"]),
    "open_plans": ("Plans", Permission.VIEW_PAYMENTS, None),
}
"""What a row's menu and its amounts open of a client: the part, and how its list opens."""


def _open_client(event: GridEvent) -> None:
    client_id = client_of_row(event.row_id or "")
    if event.action == "open_portal":
        client_portal_link.open_now(client_id)
        return
    part, needed, view = _PARTS.get(event.action or "", (None, None, None))
    if needed is not None and not frame.principal().may(needed):
        part = view = None
    go("client", id=client_id, show=part, view=view)


def _open_invoice(event: GridEvent) -> None:
    if event.action == "open_portal":
        found = reads.one("invoices/client_of", invoice_id=event.row_id)
        if found:
            client_portal_link.open_now(str(found["client_id"]), event.row_id)
        return
    if event.action == "resend":
        resend_invoice.on_event(event)
        return
    if event.action == "open_client":
        found = reads.one("invoices/client_of", invoice_id=event.row_id)
        go("client", id=str(found["client_id"]) if found else None)
    go("invoice", id=event.row_id)


def _open_payment(event: GridEvent) -> None:
    if event.action == "open_client":
        found = reads.one("payments/client_of", receipt_id=event.row_id) or reads.one(
            "payments/portal_payment", payment_id=event.row_id
        )
        go("client", id=str(found["client_id"]) if found else None)
    go("payment", id=event.row_id)


def _given(params: dict[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in params.items() if value is not None}
