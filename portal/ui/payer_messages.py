"""What payers asked in the client portal, above the worklist until somebody has seen to it."""

from collections.abc import Mapping
from datetime import UTC

import streamlit as st

from portal.services.handle_payer_message import HandlePayerMessage, handle_payer_message
from portal.ui import format as write
from portal.ui import frame, links, reads
from portal.ui.frame import plain, portal

_KINDS = {
    "question": "Question",
    "dispute": "Dispute",
    "promise": "Promise to pay",
    "installments": "Wants installments",
    "credit": "Wants a credit used",
}
SHOWN = 20


def draw() -> None:
    """Draw what is open, newest first; nothing where nothing is."""
    asked = reads.rows("payer_messages/open")
    if not asked:
        return
    label = write.count(len(asked), "message from payers", "messages from payers")
    with st.expander(label, icon=":material/chat:", expanded=len(asked) <= 3):
        for message in asked[:SHOWN]:
            _message(message)


def _message(message: Mapping[str, object]) -> None:
    with st.container(border=True, gap="xxsmall"):
        with st.container(
            horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
        ):
            st.markdown(f"**{plain(_headline(message))}**", width="content")
            with st.container(horizontal=True, width="content", vertical_alignment="center"):
                links.link("Open client", "client", id=str(message["client_id"]))
                _handled(str(message["message_id"]))
        if message["text"]:
            st.markdown(plain(str(message["text"])))
        who = " · ".join(str(p) for p in (message["asked_name"], message["asked_email"]) if p)
        at = message["created_at"].replace(tzinfo=UTC)  # type: ignore[attr-defined]
        st.caption(plain(f"{who or 'Guest'}, {write.moment(at, portal().settings.timezone)}"))


def _headline(message: Mapping[str, object]) -> str:
    words = [_KINDS.get(str(message["kind"]), str(message["kind"])), str(message["client_name"])]
    if message["invoice_number"]:
        words.append(f"invoice {message['invoice_number']}")
    if message["promised_date"]:
        words.append(f"by {write.day(str(message['promised_date']))}")
    if message["cents"]:
        words.append(write.money(int(str(message["cents"])), portal().settings.currency))
    if message["parts"]:
        words.append(f"{message['parts']} parts")
    return " · ".join(words)


def _handled(message_id: str) -> None:
    if st.button("Handled", key=f"handled_{message_id}", type="tertiary"):
        handle_payer_message(
            HandlePayerMessage(actor=frame.principal(), message_id=message_id),
            store=portal().store,
            clock=portal().now,
            directory=portal().client_portal.directory,
        )
        st.rerun()
