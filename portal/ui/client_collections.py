"""A client's notes, promises and statements, as parts of its page."""

import streamlit as st

from portal.domain.permissions import Permission
from portal.domain.promises import PromiseState
from portal.lists.columns import Column, Kind, RowAction
from portal.services.add_note import OUTCOMES
from portal.services.client_story import ClientStory, client_story
from portal.services.collections_ports import HoldKind
from portal.services.hold_client import ReleaseClient
from portal.services.statement_on_demand import MailStatement
from portal.services.withdraw_promise import WithdrawPromise
from portal.ui import (
    client_dialogs,
    deeds,
    document_view,
    frame,
    grid,
    payer_messages,
    reads,
    said,
    write_offs,
)
from portal.ui import format as write
from portal.ui.client_dialogs import InHand
from portal.ui.dialogs import dialog
from portal.ui.grid_event import GridEvent
from portal.ui.said import attempt

_PROMISES = (
    Column(id="state", label="Promise", kind=Kind.CHOICE, width=110),
    Column(id="promised_on", label="Promised by", kind=Kind.DATE, width=130),
    Column(id="amount_cents", label="Amount", kind=Kind.MONEY, width=130),
    Column(id="received_cents", label="Received", kind=Kind.MONEY, width=130),
    Column(id="invoice", label="Invoice", kind=Kind.TEXT, width=120),
    Column(id="note", label="What was said", kind=Kind.TEXT, width=260),
    Column(id="by", label="Noted by", kind=Kind.TEXT, width=150),
    Column(id="made_on", label="Noted on", kind=Kind.DATE, width=130),
)
OPEN = "Open items"
ACTIVITY = "Activity"
ON_DEMAND = "statement_on_demand"
_BUTTONS = {
    "add_note": "Note",
    "log_call": "Log a call",
    "record_promise": "Promise",
    "dispute_invoice": "Dispute",
    "pause": "Pause",
}


def notes(client_id: str) -> None:
    """What was said to and by the client, and what it promised."""
    said.say()
    story = _story(client_id)
    client = _in_hand(client_id)
    with st.container(horizontal=True, gap="xsmall"):
        for action, label in _BUTTONS.items():
            if st.button(label, key=f"client_{action}"):
                client_dialogs.open_dialog(action, client)
        if st.button("Request write-off or hold", key="client_write_off"):
            write_offs.ask(client)
    _held(client_id, story, (HoldKind.PAUSE,))
    payer_messages.of_client(story.asked)
    _promises(story)
    _notes(story)


def statements(client_id: str) -> None:
    """Every statement of the client: sent, waiting, and not sent and why."""
    said.say()
    story = _story(client_id)
    may_exclude = frame.principal().may(Permission.SEND_STATEMENTS) and story.exclusion is None
    if may_exclude and st.button("Exclude from statements", key="client_exclude"):
        client_dialogs.open_dialog("exclude", _in_hand(client_id))
    _held(client_id, story, (HoldKind.EXCLUSION, HoldKind.PAUSE))
    if st.button("Statement now", icon=":material/description:", key="client_statement"):
        deeds.form_is_done(ON_DEMAND)
        on_demand(client_id)
    grid.list_grid(
        "statements",
        params={"client_id": client_id, "toggle": "all"},
        key=f"client_statements_{client_id}",
        place=grid.Place(
            without=("client_name", "client_number", "client_id", "open_client", "send", "edit",
                     "drop"),
            search_hint="",
        ),
        height=420,
    )  # fmt: skip


@dialog("Statement", width="large")
def on_demand(client_id: str) -> None:
    """A statement of this client, to look at, keep or mail: open items, or a period's activity."""
    portal = frame.portal()
    currency = portal.settings.currency
    today = portal.today()
    kind = st.segmented_control("Kind", [OPEN, ACTIVITY], default=OPEN, required=True)
    first = last = None
    if kind == ACTIVITY:
        left, right = st.columns(2)
        first = left.date_input("From", value=today.replace(month=1, day=1))
        last = right.date_input("To", value=today)
    if frame.principal().may(Permission.SEND_STATEMENTS) and st.button(
        "Mail it to the statement contacts", icon=":material/send:", key="client_statement_mail"
    ):
        command = MailStatement(
            actor=frame.principal(),
            request_id=deeds.request_id(ON_DEMAND),
            client_id=client_id,
            currency=currency,
            first=first,
            last=last,
        )
        attempt(lambda: portal.collections.mail_statement(command), "The statement is on its way")
    document_view.client_statement(client_id, currency, first, last)


def _story(client_id: str) -> ClientStory:
    portal = frame.portal()
    return client_story(frame.principal(), client_id, store=portal.store, directory=portal.clients)


def _in_hand(client_id: str) -> InHand:
    owed = reads.in_firm_currency(
        reads.rows("clients/balance", client_id=client_id, client_group=None)
    )
    client = reads.one("clients/client", client_id=client_id) or {}
    return InHand(
        client_id=client_id,
        client_name=str(client.get("client_name", "")),
        currency=frame.portal().settings.currency,
        overdue_cents=int(owed.get("overdue_cents") or 0),
    )


def _held(client_id: str, story: ClientStory, kinds: tuple[HoldKind, ...]) -> None:
    today = frame.portal().today()
    for kind in kinds:
        hold = story.pause if kind is HoldKind.PAUSE else story.exclusion
        if hold is None or (hold.until and hold.until < today):
            continue
        word = "Not chased" if kind is HoldKind.PAUSE else "No statements"
        until = f" until {write.day(hold.until)}" if hold.until else ""
        line = f"{word}{until}: {hold.reason} ({hold.made_by_name})"
        st.info(frame.plain(line), icon=":material/pause_circle:")
        if st.button("End it", key=f"client_end_{kind}"):
            command = ReleaseClient(actor=frame.principal(), client_id=client_id, kind=kind)
            attempt(lambda c=command: frame.portal().collections.release_client(c), "Ended")


def _promises(story: ClientStory) -> None:
    shown = [one for one in story.promises if one.state is not PromiseState.WITHDRAWN]
    if not shown:
        return
    rows = [
        {
            "promise_id": one.promise_id,
            "state": one.state.value.capitalize(),
            "promised_on": one.promised_on.isoformat(),
            "amount_cents": one.amount_cents,
            "received_cents": one.received_cents,
            "currency": one.currency,
            "invoice": one.invoice_number,
            "note": one.note,
            "by": one.made_by_name,
            "made_on": one.made_on.isoformat(),
        }
        for one in shown
    ]
    grid.small_grid(
        rows,
        _PROMISES,
        row_id="promise_id",
        key="client_promises",
        title="Promises",
        actions=(RowAction(key="withdraw", label="Withdraw"),),
        on_event=_withdraw,
    )


def _withdraw(event: GridEvent) -> None:
    if event.action == "withdraw":
        command = WithdrawPromise(actor=frame.principal(), promise_id=event.row_id or "")
        attempt(lambda: frame.portal().collections.withdraw_promise(command), "Withdrawn")


def _notes(story: ClientStory) -> None:
    zone = frame.portal().settings.timezone
    for one in story.notes:
        with st.container(border=True, gap=None):
            kind = OUTCOMES.get(one.outcome or "", "Call") if one.outcome else "Note"
            st.caption(frame.plain(f"{kind} · {one.author_name} · {write.moment(one.at, zone)}"))
            if one.text:
                st.write(frame.plain(one.text))
    if not (story.notes or story.asked):
        frame.empty("Nothing was written down yet", "Notes and calls of the worklist stand here.")
