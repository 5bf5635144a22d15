"""Send the receipt of a portal payment again: to whom it went, or to somebody new."""

from functools import partial

import streamlit as st

from portal.domain.mail_addresses import Recipient, RecipientRole
from portal.domain.permissions import Permission
from portal.services.mail_ports import StoredLetter
from portal.services.resend_letter import ResendLetter
from portal.ui import deeds, frame
from portal.ui.dialogs import dialog

FORM = "receipt_again"


def button(payment_id: str) -> None:
    """Draw the button, once there is a receipt, for those who may send mails again."""
    if not frame.principal().may(Permission.RESEND_INVOICE) or _sent(payment_id) is None:
        return
    if st.button("Resend receipt", icon=":material/forward_to_inbox:", key="receipt_again"):
        deeds.form_is_done(FORM)
        _dialog(payment_id)


@dialog("Resend receipt")
def _dialog(payment_id: str) -> None:
    contents(payment_id)


def contents(payment_id: str) -> None:
    """Draw the form."""
    sent = _sent(payment_id)
    if sent is None:
        frame.refused("There is no receipt of this payment yet.")
        return
    to = [one.address for one in sent.letter.recipients if one.role is RecipientRole.TO]
    typed = st.text_area(
        "To", ", ".join(to), key="receipt_again_to", height=68, max_chars=1_000,
        help="Several addresses are parted by commas.",
    )  # fmt: skip
    st.caption("The receipt goes out as it was, with its PDF.")
    if not st.button("Send", type="primary", icon=":material/send:", key="receipt_again_go"):
        return
    command = ResendLetter(
        actor=frame.principal(),
        request_id=deeds.request_id(FORM),
        letter_id=sent.letter_id,
        recipients=tuple(Recipient(address=one) for one in typed.replace(",", " ").split()),
        is_confirmed=True,
    )
    if deeds.attempt(partial(frame.portal().correspondence.resend_letter, command)):
        deeds.form_is_done(FORM)
        st.toast("The receipt is on its way again.", icon=":material/mail:")
        st.rerun()


def _sent(payment_id: str) -> StoredLetter | None:
    with frame.portal().store.reading() as view:
        return view.outbox.find_by_key(f"receipt:{payment_id}")
