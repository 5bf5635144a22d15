"""What one does with several ticked clients of the worklist; each says what became of it."""

from collections.abc import Callable, Mapping
from datetime import timedelta

import streamlit as st

from portal.domain.errors import Invalid, NotFound
from portal.domain.permissions import Permission
from portal.lists.columns import RowAction
from portal.services.collections_ports import HoldKind
from portal.services.hold_client import HoldClient
from portal.services.mark_worklist import SetNextAction
from portal.services.send_statement import SendStatement
from portal.services.statement_ports import StatementState
from portal.ui import client_dialogs, frame, one_by_one, reads, statement_dialogs, worklist_panel
from portal.ui import format as write
from portal.ui.dialogs import dialog
from portal.ui.grid_event import GridEvent

MOST = 500
"""So many clients at a time: more are a list to narrow, not to tick."""
TOGETHER = (
    RowAction(key="assign_together", label="Assign"),
    RowAction(key="pause_together", label="Pause"),
    RowAction(key="next_together", label="Next action"),
    RowAction(key="send_together", label="Send statements", permission=Permission.SEND_STATEMENTS),
    RowAction(key="done_together", label="Done for today"),
    RowAction(key="back_together", label="Back on the list"),
)
Names = Mapping[str, str]
"""The ticked clients: id -> name."""


def together(event: GridEvent) -> None:
    """Open what the ticked clients are to be done with."""
    client_ids = list(dict.fromkeys(row_id.rpartition("-")[0] for row_id in event.row_ids))
    if event.all_matching or not 1 <= len(client_ids) <= MOST:
        frame.refused(f"Tick the clients one by one, {MOST} at the most, or narrow the list first.")
    elif event.action == "done_together":
        worklist_panel.done(client_ids)
    elif event.action == "back_together":
        worklist_panel.put_back(client_ids)
    elif event.action == "assign_together":
        assign(client_ids)
    elif event.action in _DIALOGS:
        one_by_one.begin()
        _DIALOGS[event.action](_names(client_ids))


@dialog("Assign clients")
def assign(client_ids: list[str]) -> None:
    """Give the ticked clients to somebody."""
    st.caption(write.count(len(client_ids), "client"))
    client_dialogs.assign_form(client_ids)


@dialog("Pause chasing")
def pause(names: Names) -> None:
    """Nobody chases the ticked clients until a day."""
    one_by_one.contents(lambda: _pause(names))


@dialog("Next action")
def next_action(names: Names) -> None:
    """When the ticked clients are taken up again, and what to do then."""
    one_by_one.contents(lambda: _next_action(names))


@dialog("Send statements")
def send(names: Names) -> None:
    """Send what waits for review of the ticked clients; others have nothing to send."""
    one_by_one.contents(lambda: _send(names))


def _pause(names: Names) -> None:
    today = frame.portal().today()
    with st.form("worklist_pause", border=False):
        reason = st.text_input("Reason", placeholder="Why nobody should write")
        until = st.date_input("Until", value=today + timedelta(days=30), min_value=today)
        label = f"Pause {write.count(len(names), 'client')}"
        is_asked = st.form_submit_button(label, type="primary")

    def deed(client_id: str) -> str:
        command = HoldClient(
            actor=frame.principal(),
            client_id=client_id,
            kind=HoldKind.PAUSE,
            reason=reason,
            until=until,
        )
        _desk().hold_client(command)
        return f"paused until {write.day(until)}"

    if is_asked:
        one_by_one.each(names, deed)


def _next_action(names: Names) -> None:
    today = frame.portal().today()
    with st.form("worklist_next", border=False):
        day = st.date_input("On", value=today + timedelta(days=7), min_value=today)
        action = st.text_input("What to do", placeholder="Call about the open invoices")
        label = f"Save for {write.count(len(names), 'client')}"
        is_asked = st.form_submit_button(label, type="primary")

    def deed(client_id: str) -> str:
        _desk().set_next_action(
            SetNextAction(actor=frame.principal(), client_id=client_id, day=day, action=action)
        )
        return f"back on the list on {write.day(day)}"

    if is_asked:
        one_by_one.each(names, deed)


def _send(names: Names) -> None:
    waiting = _waiting(names)
    st.write(f"{len(waiting):,} of {write.count(len(names), 'client')} have a statement to send.")
    st.caption(
        "A statement waits when an invoice has reached the age of a trigger. What was paid, "
        "promised or disputed since is kept back, and said."
    )
    if not st.button("Send them", type="primary", key="worklist_send", disabled=not waiting):
        return

    def deed(client_id: str) -> str:
        if client_id not in waiting:
            raise NotFound("No statement waits for review.")
        command = SendStatement(actor=frame.principal(), statement_id=waiting[client_id])
        done = _desk().send_statement(command)
        if done.state is not StatementState.SENT:
            raise Invalid(f"Kept back: {done.detail}")
        return f"statement {statement_dialogs.sent_words(done)}"

    one_by_one.each(names, deed)


def _waiting(names: Names) -> Mapping[str, str]:
    """The statement of each of these clients that waits for review."""
    with frame.portal().store.reading() as view:
        staged = view.statements.staged()
    return {one.client_id: one.statement_id for one in staged if one.client_id in names}


def _names(client_ids: list[str]) -> Names:
    known = {
        str(row["client_id"]): str(row["client_name"])
        for row in reads.rows("worklist/overdue_clients", most=None, row_id=None)
    }
    return {client_id: known.get(client_id, client_id) for client_id in client_ids}


def _desk():
    return frame.portal().collections


_DIALOGS: Mapping[str, Callable[[Names], None]] = {
    "pause_together": pause,
    "next_together": next_action,
    "send_together": send,
}
