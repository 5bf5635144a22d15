"""What bookkeepers take away: the daily payment files."""

import streamlit as st

from portal.ui import format as write
from portal.ui import frame
from portal.ui.server_path import base_path

MOST_FILES = 48
_KINDS = {
    "invoice_payments": "Invoice payments",
    "other_payments": "Other payments",
    "deposit": "Deposit report",
}
_LAYOUTS = {
    "generic": "Generic CSV",
    "practice_cs": "Practice CS",
    "practice_engine": "PracticeEngine",
    "quickbooks_online": "QuickBooks Online",
}


def files() -> None:
    """Draw the newest payment files of one layout, with the way to each."""
    st.header("Daily payment files", anchor=False)
    with frame.portal().store.reading() as view:
        known = view.files.latest(MOST_FILES * len(_LAYOUTS))
    if not known:
        frame.empty("No file yet", "The files of a day are made when the day is over.")
        return
    made = [layout.value for layout in frame.portal().settings.payment_files.layouts]
    layout = st.selectbox("Layout", made, format_func=_LAYOUTS.__getitem__, key="files_layout")
    found = [file for file in known if file.layout == layout or file.kind == "deposit"]
    if not found:
        frame.empty("No file yet", "The files of a day are made when the day is over.")
        return
    with st.container(border=True, gap="xsmall"):
        for file in found[:MOST_FILES]:
            with st.container(horizontal=True, horizontal_alignment="distribute"):
                said = (
                    f"{write.day(file.day)} · {_KINDS[file.kind]} · "
                    f"{write.count(file.row_count, 'line')} · "
                    f"{write.money(file.total_cents, frame.portal().settings.currency)}"
                )
                st.markdown(frame.plain(said), width="content")
                st.link_button(
                    "Download",
                    f"{base_path()}/documents/payment-file/{file.file_id}.csv",
                    icon=":material/download:",
                )
