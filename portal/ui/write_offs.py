"""Requests to write off, credit or hold work: ask, decide, and the list for the PMS user."""

import streamlit as st

from portal.domain.money import parse_cents
from portal.domain.permissions import Permission
from portal.lists.columns import Column, Kind, RowAction
from portal.services.collections_ports import RequestKind, RequestState, WriteOffRequest
from portal.services.request_write_off import DecideWriteOff, FinishWriteOff, RequestWriteOff
from portal.ui import deeds, filters, frame, grid, links, reads
from portal.ui import format as write
from portal.ui.client_dialogs import InHand
from portal.ui.dialogs import dialog
from portal.ui.grid_event import GridEvent
from portal.ui.said import attempt

KINDS = {
    RequestKind.WRITE_OFF: "Write-off",
    RequestKind.CREDIT: "Credit",
    RequestKind.HOLD: "Hold of work",
}
SIDES = {
    RequestState.ASKED.value: "To decide",
    RequestState.APPROVED.value: "To enter",
    RequestState.DONE.value: "Entered",
    RequestState.REJECTED.value: "Rejected",
}
FORM = "write_off_request"
MOST = 500
"""So many requests of a state are on the page, the newest."""
_WHOLE = "The account"
_ASKED = (
    Column(id="kind", label="Request", kind=Kind.CHOICE, width=120),
    Column(id="client_name", label="Client", kind=Kind.TEXT, width=220, opens="open_client"),
    Column(id="invoice", label="Invoice", kind=Kind.TEXT, width=120),
    Column(id="amount_cents", label="Amount", kind=Kind.MONEY, width=130),
    Column(id="reason", label="Reason", kind=Kind.TEXT, width=300),
    Column(id="asked_by", label="Asked by", kind=Kind.TEXT, width=150),
    Column(id="asked_on", label="Asked on", kind=Kind.DATE, width=120),
)
_DECIDED = (
    *_ASKED,
    Column(id="decided_by", label="Decided by", kind=Kind.TEXT, width=150),
    Column(id="note", label="Note", kind=Kind.TEXT, width=220),
)


def ask(client: InHand) -> None:
    """Ask somebody with the right to approve; nothing changes in the PMS by itself."""
    deeds.form_is_done(FORM)
    _ask(client)


@dialog("Request a write-off, credit or hold")
def _ask(client: InHand) -> None:
    st.caption(frame.plain(client.client_name))
    invoices = {
        f"{row['invoice_number']} · {write.money(row['outstanding_cents'], client.currency)}": row
        for row in reads.rows(
            "worklist/client_invoices",
            client_id=client.client_id,
            currency=client.currency,
            most=200,
        )
    }
    with st.form("write_off_form", border=False):
        kind = st.radio("What", list(KINDS), format_func=KINDS.__getitem__, horizontal=True)
        of = st.selectbox("For", [_WHOLE, *invoices])
        amount = st.text_input("Amount", help="Not needed for a hold of work")
        reason = st.text_input("Reason")
        sent = st.form_submit_button("Send request", type="primary")
    if sent:
        chosen = invoices.get(of, {})
        attempt(
            lambda: frame.portal().collections.request_write_off(
                RequestWriteOff(
                    actor=frame.principal(),
                    request_id=deeds.request_id(FORM),
                    kind=kind,
                    client_id=client.client_id,
                    currency=client.currency,
                    reason=reason,
                    amount_cents=parse_cents(amount) if amount.strip() else None,
                    invoice_id=chosen.get("invoice_id"),
                    invoice_number=chosen.get("invoice_number"),
                )
            ),
            "Request sent",
        )


def draw() -> None:
    """The requests in one state, with what can be done about them."""
    viewer = frame.require(Permission.VIEW_COLLECTIONS)
    state = RequestState(filters.switch("state", "State", SIDES))
    found = _in_state(state)
    if not found:
        frame.empty("No requests here", "They are made on a client's page, under Notes.")
        return
    actions = []
    if state is RequestState.ASKED and viewer.may(Permission.APPROVE_WRITE_OFFS):
        actions = [
            RowAction(key="approve", label="Approve"),
            RowAction(key="reject", label="Reject"),
        ]
    if state is RequestState.APPROVED:
        actions = [RowAction(key="done", label="Entered into the PMS")]
    grid.small_grid(
        [_row(one) for one in found[:MOST]],
        _ASKED if state is RequestState.ASKED else _DECIDED,
        row_id="request_id",
        key=f"write_offs_{state}",
        title="Requests",
        actions=(*actions, RowAction(key="open_client", label="Open client")),
        on_event=_follow,
    )
    if len(found) > MOST:
        st.caption(f"Only the {MOST} newest are shown.")


def _follow(event: GridEvent) -> None:
    desk = frame.portal().collections
    request_id = event.row_id or ""
    if event.action == "open_client":
        with frame.portal().store.reading() as view:
            found = view.write_offs.find(request_id)
        links.go("client", id=found.client_id if found else None)
    elif event.action == "approve":
        approve = DecideWriteOff(actor=frame.principal(), request_id=request_id, is_approved=True)
        attempt(lambda: desk.decide_write_off(approve), "Approved")
    elif event.action == "reject":
        reject(request_id)
    elif event.action == "done":
        done = FinishWriteOff(actor=frame.principal(), request_id=request_id)
        attempt(lambda: desk.finish_write_off(done), "Noted as entered")


@dialog("Reject the request")
def reject(request_id: str) -> None:
    """Say why, so that whoever asked can act on it."""
    with st.form("write_off_reject", border=False):
        note = st.text_input("Why")
        sent = st.form_submit_button("Reject", type="primary")
    if sent:
        command = DecideWriteOff(
            actor=frame.principal(), request_id=request_id, is_approved=False, note=note
        )
        attempt(lambda: frame.portal().collections.decide_write_off(command), "Rejected")


def _in_state(state: RequestState) -> list[WriteOffRequest]:
    """The newest requests of the clients this person sees, and one more where there are more."""
    whose = None
    if not frame.principal().scope.all_clients:
        whose = [str(row["client_id"]) for row in reads.rows("worklist/clients_in_scope")]
    with frame.portal().store.reading() as view:
        return view.write_offs.in_state(state, most=MOST + 1, client_ids=whose)


def _row(one: WriteOffRequest) -> dict:
    zone = frame.portal().settings.timezone
    return {
        "request_id": one.request_id,
        "kind": KINDS[one.kind],
        "client_name": one.client_name,
        "invoice": one.invoice_number,
        "amount_cents": one.amount_cents,
        "currency": one.currency,
        "reason": one.reason,
        "asked_by": one.requested_by_name,
        "asked_on": one.requested_at.astimezone(zone).date().isoformat(),
        "decided_by": one.decided_by_name,
        "note": one.decision_note,
    }
