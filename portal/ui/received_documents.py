"""Received files that wait for a person: which invoice does each belong to?"""

import streamlit as st

from portal.domain.errors import PortalError
from portal.domain.permissions import Permission
from portal.services.assign_document import AssignDocument, DismissDocument
from portal.services.mail_ports import DocumentState, ReceivedDocument
from portal.ui import format as write
from portal.ui import frame

_STATES = {
    DocumentState.MATCHED: "Matched",
    DocumentState.SUPERSEDED: "Replaced by a newer one",
    DocumentState.UNMATCHED: "Waits",
    DocumentState.REFUSED: "Refused",
    DocumentState.DISMISSED: "Put aside",
}


def draw() -> None:
    """Draw the files that wait, each with its one-line fix, and what came in last."""
    if not frame.principal().may(Permission.ALL_CLIENTS):
        frame.refused(
            "Received files belong to no client yet: only who sees all clients sees them."
        )
        return
    with frame.portal().store.reading() as view:
        waiting, recent = view.documents.unmatched(), view.documents.recent()
    folder = frame.portal().correspondence.watched_folder
    if not waiting:
        frame.empty(
            "No file waits",
            f"PDFs come in through the folder {folder}, and by mail where firm.toml says so.",
        )
    for document in waiting:
        _waiting(document)
    if recent:
        st.header("Came in last", anchor=False)
        st.dataframe([_line(document) for document in recent], hide_index=True, width="stretch")


def _waiting(document: ReceivedDocument) -> None:
    with st.container(border=True):
        st.markdown(f"**{frame.plain(document.file_name)}**")
        told = [document.reason, document.sender, document.subject]
        st.caption(frame.plain(" · ".join(part for part in told if part)))
        number, is_given = "", False
        with (
            st.form(f"document_{document.document_id}", border=False),
            st.container(horizontal=True, vertical_alignment="bottom"),
        ):
            if document.state is DocumentState.UNMATCHED:
                number = st.text_input(
                    "Invoice number", max_chars=60, key=f"number_{document.document_id}"
                )
                is_given = st.form_submit_button("Belongs to it", type="primary")
            is_dismissed = st.form_submit_button("Put aside")
        if is_given:
            _assign(document, number)
        elif is_dismissed:
            _dismiss(document)


def _assign(document: ReceivedDocument, number: str) -> None:
    command = AssignDocument(
        actor=frame.principal(), document_id=document.document_id, invoice_number=number
    )
    try:
        frame.portal().correspondence.assign_document(command)
    except PortalError as refusal:
        frame.refused(str(refusal))
        return
    st.toast(f"It is the PDF of invoice {frame.plain(number.strip())} now.")
    st.rerun()


def _dismiss(document: ReceivedDocument) -> None:
    command = DismissDocument(actor=frame.principal(), document_id=document.document_id)
    try:
        frame.portal().correspondence.dismiss_document(command)
    except PortalError as refusal:
        frame.refused(str(refusal))
        return
    st.rerun()


def _line(document: ReceivedDocument) -> dict[str, object]:
    here = document.received_at.astimezone(frame.portal().settings.timezone)
    clock = f"{here:%I:%M %p}".lstrip("0")
    return {
        "Received": f"{write.day(here.date())}, {clock}",
        "File": document.file_name,
        "From": document.sender or "Watched folder",
        "Invoice": document.invoice_number or "",
        "State": _STATES[document.state],
    }
