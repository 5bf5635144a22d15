"""What one does about a client in hand: note, promise, dispute, pause, assign, next action."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

import streamlit as st

from portal.domain.money import parse_cents
from portal.services.add_note import OUTCOMES, AddNote
from portal.services.collections_ports import HoldKind
from portal.services.dispute_invoice import DisputeInvoice
from portal.services.hold_client import HoldClient
from portal.services.mark_worklist import AssignClients, SetNextAction
from portal.services.record_promise import RecordPromise
from portal.ui import filters, frame, reads
from portal.ui import format as write
from portal.ui.dialogs import dialog
from portal.ui.said import attempt

NOBODY = "Nobody"
_WHOLE = "The whole balance"


@dataclass(frozen=True, kw_only=True)
class InHand:
    """The client that something is done about."""

    client_id: str
    client_name: str
    currency: str
    overdue_cents: int


def open_dialog(action: str, client: InHand) -> None:
    """Open the dialog of an action; what it asks for is one short form."""
    DIALOGS[action](client)


@dialog("Note")
def note(client: InHand) -> None:
    """Write something down."""
    _about(client)
    with st.form("client_note", border=False):
        text = st.text_area("Note", placeholder="What should the next person know?")
        sent = st.form_submit_button("Save note", type="primary")
    if sent:
        command = AddNote(actor=frame.principal(), client_id=client.client_id, text=text)
        attempt(lambda: _desk().add_note(command), "Note saved")


@dialog("Log a call")
def call(client: InHand) -> None:
    """How a call went."""
    _about(client)
    with st.form("client_call", border=False):
        outcome = st.radio("How did it go?", list(OUTCOMES), format_func=OUTCOMES.__getitem__)
        text = st.text_area("What was said", placeholder="Optional")
        sent = st.form_submit_button("Save call", type="primary")
    if sent:
        command = AddNote(
            actor=frame.principal(), client_id=client.client_id, text=text, outcome=outcome
        )
        attempt(lambda: _desk().add_note(command), "Call logged")


@dialog("Promise to pay")
def promise(client: InHand) -> None:
    """An amount and a day; payments keep it, nobody ticks a box."""
    _about(client)
    today = frame.portal().today()
    invoices = _invoices(client)
    with st.form("client_promise", border=False):
        amount = st.text_input("Amount", value=write.plain_amount(client.overdue_cents))
        day = st.date_input("Promised by", value=today + timedelta(days=7), min_value=today)
        of = st.selectbox("For", [_WHOLE, *invoices])
        text = st.text_input("What was said", placeholder="Optional")
        sent = st.form_submit_button("Save promise", type="primary")
    if sent:
        chosen = invoices.get(of, {})
        attempt(
            lambda: _desk().record_promise(
                RecordPromise(
                    actor=frame.principal(),
                    client_id=client.client_id,
                    amount_cents=parse_cents(amount),
                    promised_on=day,
                    currency=client.currency,
                    invoice_id=chosen.get("invoice_id"),
                    invoice_number=chosen.get("invoice_number"),
                    note=text,
                )
            ),
            "Promise noted. Statements wait for it.",
        )


@dialog("Dispute an invoice")
def dispute(client: InHand) -> None:
    """Which invoice is contested, why, and until when it is left alone."""
    _about(client)
    invoices = _invoices(client)
    if not invoices:
        st.caption("Nothing is open.")
        return
    with st.form("client_dispute", border=False):
        of = st.selectbox("Invoice", list(invoices))
        reason = st.text_input("What the client contests")
        until = st.date_input("Left alone until", value=None, min_value=frame.portal().today())
        st.caption("Without a day it is left alone until somebody settles it.")
        sent = st.form_submit_button("Save dispute", type="primary")
    if sent:
        chosen = invoices[of]
        command = DisputeInvoice(
            actor=frame.principal(),
            client_id=client.client_id,
            invoice_id=str(chosen["invoice_id"]),
            invoice_number=str(chosen["invoice_number"]),
            reason=reason,
            until=until,
        )
        attempt(lambda: _desk().dispute_invoice(command), "Dispute noted")


@dialog("Pause chasing")
def pause(client: InHand) -> None:
    """Nobody chases the client until a day."""
    _hold(client, HoldKind.PAUSE)


@dialog("Exclude from statements")
def exclude(client: InHand) -> None:
    """The client gets no statements, until a day or for good."""
    _hold(client, HoldKind.EXCLUSION)


@dialog("Assign")
def assign(client: InHand) -> None:
    """Whose client it is on the worklist."""
    _about(client)
    assign_form([client.client_id])


def assign_form(client_ids: list[str]) -> None:
    """Choose who takes some clients."""
    people = staff_by_name()
    with st.form("client_assign", border=False):
        name = st.selectbox("Assigned to", [NOBODY, *people])
        sent = st.form_submit_button("Assign", type="primary")
    if sent:
        command = AssignClients(
            actor=frame.principal(), client_ids=client_ids, assignee=people.get(name)
        )
        attempt(lambda: _desk().assign_clients(command), f"Assigned to {name}")


@dialog("Next action")
def next_action(client: InHand) -> None:
    """When the client is taken up again, and what to do then."""
    _about(client)
    today = frame.portal().today()
    with st.form("client_next", border=False):
        day = st.date_input("On", value=today + timedelta(days=7), min_value=today)
        action = st.text_input("What to do", placeholder="Call Ann about the May invoice")
        sent = st.form_submit_button("Save", type="primary")
    if sent:
        command = SetNextAction(
            actor=frame.principal(), client_id=client.client_id, day=day, action=action
        )
        attempt(lambda: _desk().set_next_action(command), f"Back on the list on {write.day(day)}")


def staff_by_name() -> dict[str, str]:
    """Everybody who can sign in, by name; two of one name are told apart."""
    with frame.portal().store.reading() as view:
        everybody = [user for user in view.users.everybody() if user.is_active]
    people = sorted(everybody, key=lambda user: (user.full_name, user.user_key))
    return filters.apart({user.user_key: user.full_name for user in people})


def _hold(client: InHand, kind: HoldKind) -> None:
    _about(client)
    today = frame.portal().today()
    is_pause = kind is HoldKind.PAUSE
    with st.form(f"client_{kind}", border=False):
        reason = st.text_input("Reason", placeholder="Why nobody should write")
        start = today + timedelta(days=30) if is_pause else None
        until = st.date_input("Until", value=start, min_value=today)
        if not is_pause:
            st.caption("Without a day it holds for good.")
        sent = st.form_submit_button("Pause" if is_pause else "Exclude", type="primary")
    if sent:
        command = HoldClient(
            actor=frame.principal(),
            client_id=client.client_id,
            kind=kind,
            reason=reason,
            until=until,
        )
        attempt(lambda: _desk().hold_client(command), "Paused" if is_pause else "Excluded")


def _about(client: InHand) -> None:
    st.caption(frame.plain(client.client_name))


def _desk():
    return frame.portal().collections


def _invoices(client: InHand) -> Mapping[str, Mapping[str, str]]:
    """Open invoices by how a person tells them apart."""
    found = reads.rows(
        "worklist/client_invoices", client_id=client.client_id, currency=client.currency, most=200
    )
    return {
        f"{row['invoice_number']} · {write.money(row['outstanding_cents'], client.currency)}": row
        for row in found
    }


DIALOGS: Mapping[str, Callable[[InHand], None]] = {
    "log_call": call,
    "add_note": note,
    "record_promise": promise,
    "dispute_invoice": dispute,
    "pause": pause,
    "exclude": exclude,
    "assign": assign,
    "next_action": next_action,
}
