"""What payers asked in the client portal: above the worklist while it is open, and on the client.

An answer goes by mail and stands beside the question from then on.
"""

from collections.abc import Mapping, Sequence

import streamlit as st

from portal.services.answer_payer_message import AnswerPayerMessage
from portal.services.collection_access import LONGEST_TEXT
from portal.services.handle_payer_message import HandlePayerMessage
from portal.services.payer_ports import PayerMessage
from portal.services.record_payer_message import RecordPayerMessage
from portal.ui import format as write
from portal.ui import frame, links, reads
from portal.ui.dialogs import dialog
from portal.ui.frame import plain, portal
from portal.ui.said import attempt

_KINDS = {
    "question": "Question",
    "dispute": "Dispute",
    "promise": "Promise to pay",
    "installments": "Wants installments",
    "credit": "Wants a credit used",
}
_RECORDED = {
    "dispute": "The invoice is disputed from now on: it is not chased, and no plan charges it.",
    "promise": "The promise counts from now on: nobody chases the invoice until its day is over.",
}
"""What payers ask that one click makes count, and what that does."""
SHOWN = 20


def draw() -> None:
    """Draw what is open, newest first; nothing where nothing is."""
    asked = reads.rows("payer_messages/open")
    if not asked:
        return
    label = write.count(len(asked), "message from payers", "messages from payers")
    with st.expander(label, icon=":material/chat:", expanded=len(asked) <= 3):
        for message in asked[:SHOWN]:
            _message(message, of_client=str(message["client_name"]))


def of_client(asked: Sequence[PayerMessage]) -> None:
    """Draw what one client asked, newest first, with what was answered."""
    for message in asked[:SHOWN]:
        _message({**vars(message), "kind": message.kind.value})


def _message(message: Mapping[str, object], of_client: str = "") -> None:
    with st.container(border=True, gap="xxsmall"):
        with st.container(
            horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
        ):
            st.markdown(f"**{plain(_headline(message, of_client))}**", width="content")
            _ways(message, with_client=bool(of_client))
        if message["text"]:
            st.markdown(plain(str(message["text"])))
        who = " · ".join(str(p) for p in (message["asked_name"], message["asked_email"]) if p)
        st.caption(plain(f"{who or 'Guest'}, {_when(message['created_at'])}"))
        if message.get("answer"):
            st.markdown(f"**Answer** {plain(str(message['answer']))}")
        if message.get("handled_at"):
            word = "Answered" if message.get("answer") else "Handled"
            by = message.get("handled_by_name") or "somebody of the firm"
            st.caption(plain(f"{word} by {by}, {_when(message['handled_at'])}"))


def _ways(message: Mapping[str, object], *, with_client: bool) -> None:
    message_id = str(message["message_id"])
    with st.container(horizontal=True, width="content", vertical_alignment="center"):
        if with_client:
            links.link("Open client", "client", id=str(message["client_id"]))
        if message.get("state", "open") != "open":
            return
        if message["asked_email"] and st.button(
            "Answer", key=f"answer_{message_id}", icon=":material/reply:", type="tertiary"
        ):
            asked = str(message["text"]) or _headline(message, "")
            _answer(message_id, asked, str(message["asked_email"]))
        if message["kind"] in _RECORDED and message["invoice_number"]:
            _record(message_id, str(message["kind"]))
        if st.button("Handled", key=f"handled_{message_id}", type="tertiary"):
            command = HandlePayerMessage(actor=frame.principal(), message_id=message_id)
            attempt(lambda: portal().collections.handle_payer_message(command), "Handled")


def _record(message_id: str, kind: str) -> None:
    if st.button(
        "Record it",
        key=f"record_{message_id}",
        icon=":material/done_all:",
        type="tertiary",
        help=_RECORDED[kind],
    ):
        command = RecordPayerMessage(actor=frame.principal(), message_id=message_id)
        attempt(lambda: portal().collections.record_payer_message(command), "Recorded")


@dialog("Answer")
def _answer(message_id: str, asked: str, email: str) -> None:
    """Write the answer; it goes to the address that was left."""
    st.caption(plain(asked))
    with st.form("payer_answer", border=False):
        text = st.text_area("Answer", max_chars=LONGEST_TEXT, height=160)
        st.caption(plain(f"Goes by mail to {email}. Replies come to you."))
        is_sent = st.form_submit_button("Send answer", type="primary", icon=":material/send:")
    if is_sent:
        command = AnswerPayerMessage(actor=frame.principal(), message_id=message_id, text=text)
        attempt(lambda: portal().collections.answer_payer(command), "The answer is on its way")


def _headline(message: Mapping[str, object], of_client: str) -> str:
    words = [_KINDS.get(str(message["kind"]), str(message["kind"])), of_client]
    if message["invoice_number"]:
        words.append(f"invoice {message['invoice_number']}")
    if message["promised_date"]:
        words.append(f"by {write.day(str(message['promised_date']))}")
    if message["cents"]:
        words.append(write.money(int(str(message["cents"])), portal().settings.currency))
    if message["parts"]:
        words.append(f"{message['parts']} parts")
    return " · ".join(word for word in words if word)


def _when(at: object) -> str:
    return write.moment(at, portal().settings.timezone)  # type: ignore[arg-type]
