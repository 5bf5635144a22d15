"""What does not fit and somebody has to look at: taken, given to a colleague, resolved in words."""

import re
from collections.abc import Sequence

import streamlit as st

from portal.domain.permissions import Permission
from portal.services.assign_exception import AssignException, assign_exception
from portal.services.payout_ports import NOBODYS, WorkException
from portal.services.resolve_exception import ResolveException, resolve_exception
from portal.services.staff_who_may import staff_who_may
from portal.ui import actors, deeds, frame, links
from portal.ui import format as write
from portal.ui.dialogs import dialog

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
    "gateway_refuses_key": "The gateway does not accept the firm's key",
    "cannot_settle": "News of the gateway could not be recorded",
    "gateway_differs": "The gateway tells another amount",
    "key_reused": "The gateway knows this request with other contents",
    "refund_failed": "A refund did not go through",
    "refund_elsewhere": "Refunded at the gateway, not here",
    "refund_differs": "The gateway tells another refund",
    "refund_contradicts": "A refund contradicts what the payment is",
    "lost_after_refund": "Taken back after it was refunded",
    "refund_after_loss": "Refunded after the money was lost",
    "autopay_without_reminder": "AutoPay charged without its reminder",
    "job_failed": "A job of the portal fails again and again",
}
_PAYMENT_ID = re.compile(r"PI-\d+(-\d+)?", re.ASCII)
_ALL, _MINE, _FREE = "All", "Mine", "Nobody's"


def draw() -> None:
    """Draw the queue: what is wrong, about what, since when, and who looks after it."""
    with frame.portal().store.reading() as view:
        queue = view.exceptions.open()
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        st.header("Exceptions", anchor=False)
        shown = _whose(queue) if queue else queue
    if not shown:
        _nothing(bool(queue))
        return
    with st.container(border=True, gap="small"):
        for wrong in shown:
            _line(wrong)


def _whose(queue: Sequence[WorkException]) -> list[WorkException]:
    me = frame.principal().user_key
    chosen = st.segmented_control(
        "Whose", (_ALL, _MINE, _FREE), default=_ALL, required=True, key="exceptions_whose",
        label_visibility="collapsed",
    )  # fmt: skip
    owner = {_MINE: me, _FREE: NOBODYS}.get(chosen)
    return [wrong for wrong in queue if owner in (None, wrong.owner)]


def _nothing(are_there_others: bool) -> None:
    if are_there_others:
        frame.empty("None of these", "Others are looked after, or wait for somebody.")
    else:
        frame.empty("Nothing to resolve", "Every posting fits the payment it names.")


def _line(wrong: WorkException) -> None:
    me = frame.principal().user_key
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.container(gap=None, width="stretch"):
            st.markdown(f"**{frame.plain(_kind(wrong))}**")
            st.caption(frame.plain(_facts(wrong)))
        if payment_id := _payment_of(wrong):
            links.link("Payment", "payment", icon=":material/payments:", id=payment_id)
        if wrong.owner != me and st.button("Take it", key=f"take_{wrong.exception_id}"):
            _assign(wrong, me)
        if st.button("Resolve", key=f"resolve_{wrong.exception_id}"):
            _opened(wrong)


def _kind(wrong: WorkException) -> str:
    return _WRONG.get(wrong.kind, wrong.kind.replace("_", " ").capitalize())


def _facts(wrong: WorkException) -> str:
    number = wrong.detail.get("invoice_number")
    currency = frame.portal().settings.currency
    amounts = [
        f"{label} {write.money(int(wrong.detail[key]), currency)}"  # type: ignore[call-overload]
        for key, label in (("cents", "amount"), ("paid_cents", "paid"), ("posted_cents", "posted"))
        if wrong.detail.get(key) is not None
    ]
    zone = frame.portal().settings.timezone
    since = write.day(wrong.opened_at.astimezone(zone).date())
    about = [wrong.subject, *([f"invoice {number}"] if number else [])]
    return " · ".join([*about, *amounts, f"since {since}", _owner(wrong.owner)])


def _owner(owner: str) -> str:
    return "nobody has taken it" if owner == NOBODYS else f"with {actors.name_of(owner)}"


def _payment_of(wrong: WorkException) -> str:
    """The payment it is about, where its subject begins with a payment ID."""
    found = _PAYMENT_ID.match(wrong.subject)
    return found[0] if found else ""


@dialog("Exception")
def _opened(wrong: WorkException) -> None:
    contents(wrong)


def contents(wrong: WorkException) -> None:
    """Draw what is wrong, who looks after it, and the words with which it is resolved."""
    st.markdown(f"**{frame.plain(_kind(wrong))}**")
    st.caption(frame.plain(_facts(wrong)))
    _give(wrong)
    words = st.text_area("How was it put right?", key="resolution", max_chars=1_000)
    if st.button("Resolve", type="primary", key="resolve_now"):
        portal = frame.portal()
        command = ResolveException(
            actor=frame.principal(), exception_id=wrong.exception_id, resolution=words
        )
        if deeds.attempt(lambda: resolve_exception(command, store=portal.store, clock=portal.now)):
            st.rerun()


def _give(wrong: WorkException) -> None:
    portal = frame.portal()
    with portal.store.reading() as view:
        people = staff_who_may(
            Permission.RECONCILE, view, groups=portal.settings.access.groups, now=portal.now()
        )
    names = {NOBODYS: "Nobody yet"} | {user.user_key: user.full_name for user in people}
    owner = st.selectbox(
        "Who looks after it?",
        list(names),
        index=list(names).index(wrong.owner) if wrong.owner in names else 0,
        format_func=names.__getitem__,
        key="exception_owner",
    )
    if owner != wrong.owner and st.button("Give it to them", key="exception_give"):
        _assign(wrong, owner)


def _assign(wrong: WorkException, owner: str) -> None:
    portal = frame.portal()
    command = AssignException(actor=frame.principal(), exception_id=wrong.exception_id, owner=owner)
    given = deeds.attempt(
        lambda: assign_exception(
            command, store=portal.store, clock=portal.now, groups=portal.settings.access.groups
        )
    )
    if given is not None:
        st.rerun()
