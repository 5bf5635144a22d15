"""What a payer can ask of the firm: a question, a dispute, a promise, installments."""

import uuid
from datetime import timedelta

import streamlit as st

from portal.domain.errors import PortalError
from portal.domain.money import parse_cents
from portal.domain.payers import AskKind, Payer
from portal.services.ask_the_firm import (
    LONGEST_PROMISE,
    LONGEST_TEXT,
    AskLimits,
    AskTheFirm,
    ask_the_firm,
)
from portal.services.asked_before import asked_before
from portal.ui import format as write
from portal.ui import payer_frame
from portal.ui.frame import plain, portal

_WORDS = {
    AskKind.QUESTION: "Ask a question",
    AskKind.PROMISE: "Promise a date",
    AskKind.INSTALLMENTS: "Ask for installments",
    AskKind.DISPUTE: "Dispute it",
}
_NAMES = {
    AskKind.QUESTION: "You asked",
    AskKind.PROMISE: "You promised to pay",
    AskKind.INSTALLMENTS: "You asked for installments",
    AskKind.DISPUTE: "You disputed this invoice",
    AskKind.CREDIT: "You asked to use a credit",
}
_SAID = {
    AskKind.QUESTION: "Your question is with us. We answer by mail.",
    AskKind.PROMISE: "Thank you. Your promise is with us.",
    AskKind.INSTALLMENTS: "Your wish is with us. We answer by mail.",
    AskKind.DISPUTE: "Your dispute is with us, and we look into it. Until we have, AutoPay and "
    "statements may still include this invoice.",
}


def limits() -> AskLimits:
    """What the firm lets payers ask for."""
    settings = portal().settings.payers
    return AskLimits(
        today=portal().today(),
        most_installments=settings.most_installments,
        with_installments=settings.installments,
        with_credits=settings.credits,
    )


def forms(viewer: Payer, client_id: str, invoice_id: str) -> None:
    """Draw the ways to ask about an invoice, one at a time."""
    kinds = [k for k in _WORDS if k is not AskKind.INSTALLMENTS or limits().with_installments]
    kind = st.pills(
        "Something else?", kinds, format_func=_WORDS.__getitem__, key=f"ask_{invoice_id}"
    )
    if kind is None:
        return
    with st.form(f"ask_form_{kind}", clear_on_submit=True):
        more = _fields(kind)
        reply_to = "" if viewer.email else st.text_input("Your email", key="ask_reply_to")
        is_sent = st.form_submit_button("Send", type="primary")
    if is_sent:
        _send(viewer, client_id, invoice_id, kind, {**more, "reply_to": reply_to})


def _fields(kind: AskKind) -> dict[str, object]:
    given: dict[str, object] = {}
    today = portal().today()
    if kind is AskKind.PROMISE:
        given["promised_date"] = st.date_input(
            "I will pay by",
            today + timedelta(days=7),
            min_value=today,
            max_value=today + LONGEST_PROMISE,
            format="MM/DD/YYYY",
            key="ask_day",
        )
        given["cents"] = st.text_input("Amount (empty: all of it)", key="ask_cents", max_chars=20)
    if kind is AskKind.INSTALLMENTS:
        most = limits().most_installments
        given["parts"] = st.number_input("Installments", 2, most, min(3, most), key="ask_parts")
    label = "Message" if kind in (AskKind.QUESTION, AskKind.DISPUTE) else "Message (optional)"
    given["text"] = st.text_area(label, key="ask_text", max_chars=LONGEST_TEXT)
    return given


def _send(
    viewer: Payer, client_id: str, invoice_id: str, kind: AskKind, given: dict[str, object]
) -> None:
    mark = f"ask_request_{kind}_{invoice_id}"
    request_id = st.session_state.setdefault(mark, uuid.uuid4().hex)
    try:
        typed = str(given.pop("cents", "") or "")
        command = AskTheFirm(
            payer=viewer,
            request_id=request_id,
            kind=kind,
            client_id=client_id,
            invoice_id=invoice_id,
            cents=parse_cents(typed) if typed.strip() else None,
            **given,  # type: ignore[arg-type]
        )
        ask_the_firm(command, store=portal().store, clock=portal().now, limits=limits())
    except PortalError as refusal:
        st.error(plain(str(refusal)), icon=":material/error:")
        return
    del st.session_state[mark]
    st.success(_SAID[kind], icon=":material/check_circle:")


def before(viewer: Payer, client_id: str, invoice_id: str) -> None:
    """Draw what they asked about this invoice before, with what was answered."""
    zone = portal().settings.timezone
    for one in asked_before(viewer, client_id, invoice_id, store=portal().store):
        with st.container(border=True, gap="xxsmall"):
            st.caption(plain(f"{_NAMES[one.kind]}, {write.moment(one.created_at, zone)}"))
            if one.text:
                st.markdown(plain(one.text))
            if one.answer:
                st.markdown(f"**{plain(one.handled_by_name)}:** {plain(one.answer)}")


def foot(client_id: str) -> None:
    """Say whom to ask at the firm."""
    payer_frame.foot(payer_frame.face().directory.client(client_id))
