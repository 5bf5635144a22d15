"""What bookkeepers take away and work through: daily payment files, and exceptions."""

import streamlit as st

from portal.services.payout_ports import WorkException
from portal.services.resolve_exception import ResolveException, resolve_exception
from portal.ui import deeds, frame
from portal.ui import format as write
from portal.ui.dialogs import dialog
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
_WRONG = {
    "posted_amount_differs": "Posted with another amount",
    "posted_twice": "Posted twice",
    "posted_to_another_client": "Posted to another client",
    "unmatched_receipt": "A receipt names a payment the portal does not know",
    "returned_after_posting": "Came back after it was posted",
    "invoice_gone": "The invoice it pays is not open any more",
    "invoice_overpaid": "More was paid than is owed",
    "dispute": "The owner of a card disputes a payment",
    "unknown_payout_line": "A payout has a line of no payment here",
    "unknown_payment": "The gateway names a payment the portal does not know",
    "charged_after_end": "Charged after it was given up",
    "gateway_differs": "The gateway tells another amount",
    "key_reused": "The gateway knows this request with other contents",
    "refund_failed": "A refund did not go through",
    "refund_elsewhere": "Refunded at the gateway, not here",
    "refund_differs": "The gateway tells another refund",
    "refund_contradicts": "A refund contradicts what the payment is",
    "refund_after_loss": "Refunded after the money was lost",
    "autopay_without_reminder": "AutoPay charged without its reminder",
}


def files() -> None:
    """Draw the newest payment files of one layout, with the way to each."""
    st.header("Daily payment files", anchor=False)
    made = [layout.value for layout in frame.portal().settings.payment_files.layouts]
    layout = st.selectbox("Layout", made, format_func=_LAYOUTS.__getitem__, key="files_layout")
    with frame.portal().store.reading() as view:
        known = view.files.latest(MOST_FILES * len(_LAYOUTS))
    found = [file for file in known if file.layout == layout or file.kind == "deposit"]
    if not found:
        frame.empty("No file yet", "The files of a day are made when the day is over.")
        return
    with st.container(border=True, gap="xsmall"):
        for file in found[:MOST_FILES]:
            with st.container(horizontal=True, horizontal_alignment="distribute"):
                said = (
                    f"{write.day(file.day)} · {_KINDS[file.kind]} · "
                    f"{write.count(file.row_count, 'line')} · {write.money(file.total_cents)}"
                )
                st.markdown(frame.plain(said), width="content")
                st.link_button(
                    "Download",
                    f"{base_path()}/documents/payment-file/{file.file_id}.csv",
                    icon=":material/download:",
                )


def exceptions() -> None:
    """Draw the queue of what does not fit; each is resolved with words."""
    st.header("Exceptions", anchor=False)
    with frame.portal().store.reading() as view:
        queue = view.exceptions.open()
    if not queue:
        frame.empty("Nothing to resolve", "Every posting fits the payment it names.")
        return
    with st.container(border=True, gap="xsmall"):
        for wrong in queue:
            with st.container(horizontal=True, horizontal_alignment="distribute"):
                about = wrong.detail.get("invoice_number") or wrong.subject
                said = f"{_kind(wrong)} · {about} · {_amounts(wrong)}"
                st.markdown(frame.plain(said), width="content")
                if st.button("Resolve", key=f"resolve_{wrong.exception_id}"):
                    _resolve(wrong)


def _kind(wrong: WorkException) -> str:
    return _WRONG.get(wrong.kind, wrong.kind.replace("_", " ").capitalize())


def _amounts(wrong: WorkException) -> str:
    parts = [
        f"{label} {write.money(int(wrong.detail[key]))}"  # type: ignore[call-overload]
        for key, label in (("paid_cents", "paid"), ("posted_cents", "posted"))
        if wrong.detail.get(key) is not None
    ]
    return ", ".join([*parts, f"owner {wrong.owner}"])


@dialog("Resolve")
def _resolve(wrong: WorkException) -> None:
    st.markdown(frame.plain(f"{_kind(wrong)}: {wrong.subject}"))
    words = st.text_area("How was it put right?", key="resolution", max_chars=1_000)
    if st.button("Resolve", type="primary", key="resolve_now"):
        portal = frame.portal()
        command = ResolveException(
            actor=frame.principal(), exception_id=wrong.exception_id, resolution=words
        )
        if deeds.attempt(lambda: resolve_exception(command, store=portal.store, clock=portal.now)):
            st.rerun()
