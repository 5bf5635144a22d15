"""The parts of a client's page, one at a time: invoices, payments, contacts, work, activity."""

from collections.abc import Callable, Mapping

import streamlit as st

from portal.domain.modules import MODULES
from portal.domain.permissions import Permission
from portal.lists.columns import Column, Kind
from portal.ui import (
    client_collections,
    client_portal_link,
    email_parts,
    filters,
    frame,
    grid,
    invoice_actions,
    links,
    pay_links,
    payment_methods,
    plan_dialog,
    reads,
    said,
    start_plan,
    take_payment,
)
from portal.ui.grid_event import GridEvent
from portal.ui.grid_options import Place

MOST_ENTRIES = 500
"""As many as the query gives."""

_OWN_NAME = ("client_name", "client_number", "client_id", "open_client")
_OWN_INVOICES = Place(without=_OWN_NAME, search_hint="Invoice number")
_OWN_PAYMENTS = Place(without=_OWN_NAME, search_hint="Reference")
_FEW_PLANS = 300
_OWN_PLANS = Place(without=_OWN_NAME, search_hint="Plan")
_CONTACTS = (
    Column(id="full_name", label="Name", kind=Kind.TEXT, width=200),
    Column(id="email", label="Email", kind=Kind.EMAIL, width=260),
    Column(id="phone", label="Phone", kind=Kind.TEXT, width=150),
    Column(id="roles", label="Contact for", kind=Kind.TEXT, width=160),
    Column(id="receives", label="Receives", kind=Kind.CHOICE, width=200),
)
_ENGAGEMENTS = (
    Column(id="engagement_name", label="Engagement", kind=Kind.TEXT, width=260),
    Column(id="engagement_status", label="Status", kind=Kind.CHOICE, width=120),
    Column(id="invoices", label="Invoices", kind=Kind.NUMBER, width=110),
    Column(id="billed_cents", label="Billed", kind=Kind.MONEY, width=150),
    Column(id="outstanding_cents", label="Outstanding", kind=Kind.MONEY, width=150),
    Column(id="last_invoice_date", label="Last invoice", kind=Kind.DATE, width=140),
)
_ACTIVITY = (
    Column(id="entry_date", label="Date", kind=Kind.DATE, width=130, opens="open"),
    Column(id="entry_kind", label="What", kind=Kind.CHOICE, width=150),
    Column(id="document", label="Number or reference", kind=Kind.TEXT, width=260),
    Column(id="amount_cents", label="Amount", kind=Kind.MONEY, width=150),
    Column(
        id="signed_cents",
        label="Change in balance",
        kind=Kind.MONEY,
        width=170,
        help="Positive raises what the client owes. Void invoices change nothing.",
    ),
)


def names() -> list[str]:
    """The parts the person looking may see, of those the firm has switched on for them."""
    viewer = frame.principal()
    may, settings = viewer.may, frame.portal().settings
    has = {name: settings.gives(viewer, name) for name in MODULES}
    invoices = may(Permission.VIEW_INVOICES) and has["invoices"]
    payments = may(Permission.VIEW_PAYMENTS) and has["payments"]
    shown = ["Invoices"] if invoices else []
    shown += ["Payments", "Plans"] if payments else []
    if has["payments"] and (may(Permission.TAKE_PAYMENT) or may(Permission.SAVE_METHOD)):
        shown.append("Methods")
    shown.append("Contacts")
    shown += ["Engagements"] if has["engagements"] else []
    shown += ["Activity"] if invoices and payments else []
    if may(Permission.VIEW_COLLECTIONS) and has["collections"]:
        shown += ["Notes", "Statements"]
    shown += ["Emails"] if may(Permission.RESEND_INVOICE) and has["email_delivery"] else []
    shown += ["Links to pay"] if client_portal_link.is_offered() else []
    return shown


def ways(client: Mapping[str, object]) -> None:
    """Draw the ways out: the client's portal, its group and all clients."""
    take_payment.button(str(client["client_id"]))
    client_portal_link.button(str(client["client_id"]), label="Open client portal")
    if client["client_group"]:
        links.link(
            "Open group", "group", icon=":material/groups:", name=str(client["client_group"])
        )
    links.link("Back to clients", "clients", icon=":material/arrow_back:")


def draw(part: str, client_id: str) -> None:
    """Draw one part of a client."""
    PARTS[part](client_id)


def _invoices(client_id: str) -> None:
    grid.list_grid(
        "invoices",
        params={"client_id": client_id, "with_void": "yes"},
        key=filters.view_key(f"client_invoices_{client_id}"),
        place=_OWN_INVOICES,
        together=invoice_actions.TOGETHER,
        on_event=invoice_actions.heard,
    )


def _emails(client_id: str) -> None:
    said.say()
    grid.list_grid(
        "emails",
        params={"client_id": client_id},
        key=f"client_emails_{client_id}",
        together=email_parts.TOGETHER,
        on_event=email_parts.on_event,
    )


def _payments(client_id: str) -> None:
    grid.list_grid(
        "payments",
        params={"client_id": client_id},
        key=filters.view_key(f"client_payments_{client_id}"),
        place=_OWN_PAYMENTS,
        on_event=links.opener("payments"),
    )


def _plans(client_id: str) -> None:
    start_plan.button(client_id)
    grid.list_grid(
        "plans",
        params={"client_id": client_id},
        height=_FEW_PLANS,
        key=filters.view_key(f"client_plans_{client_id}"),
        place=_OWN_PLANS,
        on_event=plan_dialog.opened,
    )


def _contacts(client_id: str) -> None:
    contacts = reads.rows("clients/contacts", client_id=client_id)
    if not contacts:
        frame.empty(
            "Nobody to write to",
            "The practice management system has no contact for this client.",
        )
        return
    grid.small_grid(
        [{**row, "receives": row["receives"] or "nothing"} for row in contacts],
        _CONTACTS,
        row_id="contact_id",
        key="contacts",
        title="Contacts",
    )


def _engagements(client_id: str) -> None:
    engagements = reads.rows("clients/engagements", client_id=client_id)
    if not engagements:
        frame.empty("No engagements", "No work has been agreed with this client yet.")
        return
    grid.small_grid(
        reads.wired(engagements),
        _ENGAGEMENTS,
        row_id="row_id",
        key="engagements",
        title="Engagements",
    )


def _activity(client_id: str) -> None:
    entries = reads.rows("clients/activity", client_id=client_id)
    if not entries:
        frame.empty("Nothing yet", "No invoice has been posted and no payment received.")
        return
    grid.small_grid(
        reads.wired(entries),
        _ACTIVITY,
        row_id="row_id",
        key="entries",
        title="Entries",
        opens="open",
        on_event=_open_entry,
    )
    if len(entries) == MOST_ENTRIES:
        st.caption(f"The newest {MOST_ENTRIES} entries; Invoices and Payments have the older ones.")


def _open_entry(event: GridEvent) -> None:
    page, _, record_id = (event.row_id or "").partition("-")
    if page in ("invoice", "payment"):
        links.go(page, id=record_id)


PARTS: Mapping[str, Callable[[str], None]] = {
    "Invoices": _invoices,
    "Payments": _payments,
    "Plans": _plans,
    "Methods": payment_methods.draw,
    "Contacts": _contacts,
    "Engagements": _engagements,
    "Activity": _activity,
    "Notes": client_collections.notes,
    "Statements": client_collections.statements,
    "Emails": _emails,
    "Links to pay": pay_links.draw,
}
