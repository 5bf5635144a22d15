"""One client of the worklist in full: why it is here, what was said, and what to do about it."""

from collections.abc import Callable
from urllib.parse import quote

import pandas as pd
import streamlit as st

from portal.domain.promises import PromiseState
from portal.services.add_note import OUTCOMES
from portal.services.client_story import ClientStory, client_story
from portal.services.collections_ports import HoldKind, Promise
from portal.services.hold_client import ReleaseClient
from portal.services.mark_worklist import DoneForToday
from portal.services.mint_pay_link import MintPayLink, mint_pay_link
from portal.ui import (
    client_dialogs,
    client_portal_link,
    frame,
    links,
    reads,
    worklist_account,
    worklist_head,
)
from portal.ui import format as write
from portal.ui.client_dialogs import InHand
from portal.ui.dialogs import dialog
from portal.ui.said import attempt

MOST_CONTACTS = 3
MOST_NOTES = 4
DONE = "done"
BACK = "back"
ACTIONS = frozenset({*client_dialogs.DIALOGS, DONE, BACK})
"""What can be done with a row, by its menu or by a letter."""
_BUTTONS = (
    ("log_call", "Call", "L"),
    ("add_note", "Note", "N"),
    ("record_promise", "Promise", "P"),
    ("dispute_invoice", "Dispute", "D"),
    ("pause", "Pause", "S"),
    ("assign", "Assign", "A"),
    ("next_action", "Next action", "T"),
)


def draw(client: pd.Series, following: Callable[[], None] | None) -> None:
    """Draw the client in hand."""
    client_id, currency = str(client["client_id"]), str(client["currency"])
    portal = frame.portal()
    story = client_story(frame.principal(), client_id, store=portal.store, directory=portal.clients)
    with st.container(border=True, gap="small"):
        worklist_head.draw(client)
        _buttons(client, following)
        worklist_head.reasons(client)
        _held(client_id, story)
        _asked(story)
        _said(story, currency)
        _contacts(client_id)
        _ways(client)
        worklist_account.draw(client_id, currency)
        _written(story)


def act(action: str, client: pd.Series) -> None:
    """Do what a letter or a button asks for."""
    if action == DONE:
        done([str(client["client_id"])])
        return
    if action == BACK:
        put_back([str(client["client_id"])])
        return
    client_dialogs.open_dialog(
        action,
        InHand(
            client_id=str(client["client_id"]),
            client_name=str(client["client_name"]),
            currency=str(client["currency"]),
            overdue_cents=int(client["overdue_cents"]),
        ),
    )


def done(client_ids: list[str]) -> None:
    """Take clients off today's list."""
    command = DoneForToday(actor=frame.principal(), client_ids=client_ids)
    attempt(lambda: frame.portal().collections.done_for_today(command), "Done for today")


def put_back(client_ids: list[str]) -> None:
    """Take back that clients are done for today."""
    command = DoneForToday(actor=frame.principal(), client_ids=client_ids, is_done=False)
    attempt(lambda: frame.portal().collections.done_for_today(command), "Back on today's list")


def _buttons(client: pd.Series, following: Callable[[], None] | None) -> None:
    # The keys name the client: a second click never meets the one that came after it.
    which = client["row_id"]
    with st.container(horizontal=True, gap="xsmall"):
        for action, label, letter in _BUTTONS:
            if st.button(label, shortcut=letter, key=f"worklist_{action}_{which}"):
                act(action, client)
    with st.container(horizontal=True, gap="xsmall"):
        if client["place"] == "done":
            if st.button("Back on the list", icon=":material/undo:", key=f"worklist_back_{which}"):
                act(BACK, client)
        elif st.button(
            "Done for today", icon=":material/done_all:", shortcut="E",
            key=f"worklist_done_{which}", type="primary",
        ):  # fmt: skip
            if following:
                following()
            act(DONE, client)
        st.button(
            "Next",
            icon=":material/keyboard_arrow_down:",
            shortcut="J",
            key=f"worklist_next_{which}",
            disabled=following is None,
            on_click=following,
        )


def _ways(client: pd.Series) -> None:
    """The client's own portal, and a link to pay that can be sent by any means."""
    if not client_portal_link.is_offered():
        return
    with st.container(horizontal=True, gap="xsmall"):
        client_portal_link.button(str(client["client_id"]), label="Client portal")
        if st.button(
            "Pay link", icon=":material/link:", key=f"worklist_pay_link_{client['client_id']}"
        ):
            pay_link(str(client["client_id"]), str(client["client_name"]))


@dialog("Link to pay")
def pay_link(client_id: str, client_name: str) -> None:
    """A link that opens this client's invoices for whoever has it; made once, shown once."""
    st.caption(frame.plain(client_name))
    door = frame.portal().client_portal
    token = mint_pay_link(
        MintPayLink(actor=frame.principal(), client_id=client_id),
        store=frame.portal().store,
        clock=frame.portal().now,
        tokens=door.links,
        directory=door.directory,
    )
    st.code(door.door_url(token), language=None, wrap_lines=True)
    st.caption("Whoever has it sees and pays this client's invoices. It is in the audit log.")


def _held(client_id: str, story: ClientStory) -> None:
    """Why nobody should write, with the way to end it."""
    for kind, hold, word in (
        (HoldKind.PAUSE, story.pause, "Paused"),
        (HoldKind.EXCLUSION, story.exclusion, "No statements"),
    ):
        if hold is None or (hold.until and hold.until < frame.portal().today()):
            continue
        until = f" until {write.day(hold.until)}" if hold.until else ""
        st.info(frame.plain(f"{word}{until}: {hold.reason}"), icon=":material/pause_circle:")
        if st.button("End it", key=f"worklist_end_{kind}_{client_id}"):
            command = ReleaseClient(actor=frame.principal(), client_id=client_id, kind=kind)
            attempt(lambda c=command: frame.portal().collections.release_client(c), "Ended")


def _asked(story: ClientStory) -> None:
    for message in [one for one in story.asked if one.state == "open"][:3]:
        who = message.asked_name or message.asked_email
        text = f"{message.kind.value.replace('_', ' ').capitalize()} by {who}: {message.text}"
        st.warning(frame.plain(text), icon=":material/chat:")


def _said(story: ClientStory, currency: str) -> None:
    lines = [_promised(one) for one in story.promises if one.state is not PromiseState.WITHDRAWN]
    notes = [
        f"{write.day(one.at.astimezone(frame.portal().settings.timezone).date())} "
        f"{one.author_name}: "
        + ". ".join(part for part in (OUTCOMES.get(one.outcome or ""), one.text) if part)
        for one in story.notes[:MOST_NOTES]
    ]
    if lines or notes:
        st.markdown("**Promises and notes**")
        for line in [*lines[:3], *notes]:
            st.caption(frame.plain(line))


def _promised(one: Promise) -> str:
    amount = write.money(one.amount_cents, one.currency)
    received = write.money(one.received_cents, one.currency)
    got = f", {received} received" if one.received_cents else ""
    of = f" on {one.invoice_number}" if one.invoice_number else ""
    return f"Promise {one.state.value}: {amount}{of} by {write.day(one.promised_on)}{got}"


def _written(story: ClientStory) -> None:
    st.markdown("**Statements**")
    for one in story.statements[:3]:
        why = f": {one.detail}" if one.detail else f": {one.trigger_label}"
        st.caption(frame.plain(f"{write.day(one.run_day)} {one.state.value}{why}"))
    if not story.statements:
        st.caption("None yet.")
    if any(one.state == "staged" for one in story.statements):
        links.link("Review the statement", "statements", icon=":material/mail:")


def _contacts(client_id: str) -> None:
    st.markdown("**Contacts**")
    found = reads.rows("clients/contacts", client_id=client_id)
    for row in found[:MOST_CONTACTS]:
        roles = f" ({str(row['roles']).lower()})" if row["roles"] else ""
        ways = [
            f"[{frame.plain(text)}]({scheme}:{quote(text, safe='@+')})"
            for scheme, text in (("mailto", row["email"]), ("tel", row["phone"]))
            if text
        ]
        lines = [frame.plain(f"{row['full_name']}{roles}"), *ways]
        st.markdown("  \n".join(lines))
    if len(found) > MOST_CONTACTS:
        more = f"{len(found) - MOST_CONTACTS:,} more"
        links.link(more, "client", id=client_id, show="Contacts")
    if not found:
        st.caption("Nobody is known at this client.")
