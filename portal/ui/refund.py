"""Send money back: the dialog of a payment, and the refunds that wait for a second person."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from portal.domain.money import parse_cents
from portal.domain.payment_states import PaymentState
from portal.domain.permissions import Permission, Principal
from portal.services.approve_refund import ApproveRefund
from portal.services.collection_access import is_in_scope
from portal.services.money_ports import Payment, PaymentItem, Refund, RefundState
from portal.services.reject_refund import RejectRefund
from portal.services.request_refund import RequestRefund
from portal.services.void_payment import VoidPayment
from portal.ui import deeds, frame, sure
from portal.ui import format as write
from portal.ui.dialogs import dialog

FORM = "refund"
_CAN_GO_BACK = frozenset({PaymentState.SUCCEEDED, PaymentState.PART_REFUNDED})
_CAN_BE_VOIDED = frozenset(
    {PaymentState.CREATED, PaymentState.PENDING, PaymentState.REQUIRES_ACTION}
)
_SAYS = {
    RefundState.SUCCEEDED: "Refunded. Both sides get a mail.",
    RefundState.PENDING: "The bank sends it back; that takes some days.",
    RefundState.UNKNOWN: "No answer yet. The portal finds out by itself; do not refund again.",
    RefundState.FAILED: "The gateway refused the refund; nothing went back.",
    RefundState.AWAITING_APPROVAL: "Somebody else must approve it before money goes back.",
}


def button(payment_id: str) -> None:
    """Draw what may be done with a portal payment: refund it, or void it before it is taken."""
    payment, _ = _read(payment_id)
    if payment is None:
        return
    may = frame.principal().may
    if payment.state in _CAN_GO_BACK and may(Permission.REFUND):
        if st.button("Refund", icon=":material/undo:", key="refund_button"):
            show(payment_id)
    elif payment.state in _CAN_BE_VOIDED and may(Permission.TAKE_PAYMENT):  # noqa: SIM102
        if st.button("Void", icon=":material/cancel:", key="void_button"):
            _void(payment)


@dialog("Void this payment?")
def _void(payment: Payment) -> None:
    ask_to_void(payment)


def ask_to_void(payment: Payment) -> None:
    """Draw the question, and void the payment once it is answered."""
    amount = write.money(payment.amount_cents + payment.fee_cents, payment.currency)
    st.write(frame.plain(f"{payment.payment_id}: {amount} will not be taken."))
    if st.button("Void the payment", type="primary", key="void_go"):
        command = VoidPayment(actor=frame.principal(), payment_id=payment.payment_id)
        if deeds.attempt(partial(frame.portal().money.void_payment, command)):
            st.rerun()


def show(payment_id: str) -> None:
    """Open the dialog."""
    frame.require(Permission.REFUND)
    deeds.form_is_done(FORM)
    _dialog(payment_id)


def waiting() -> None:
    """Draw the refunds of their clients that wait for a second person, for who may decide."""
    if not frame.principal().may(Permission.APPROVE_REFUND):
        return
    found = _to_decide()
    if not found:
        return
    with st.container(border=True):
        st.markdown(f"**{write.count(len(found), 'refund')} to approve**")
        for refund, payment in found:
            _decide(refund, payment)


def _to_decide() -> list[tuple[Refund, Payment]]:
    viewer = frame.principal()
    with frame.portal().store.reading() as view:
        waiting = view.refunds.in_states([RefundState.AWAITING_APPROVAL])
        payments = [view.payments.find(refund.payment_id) for refund in waiting]
    return [
        (refund, payment)
        for refund, payment in zip(waiting, payments, strict=True)
        if payment is not None and _is_theirs(viewer, payment)
    ]


def _is_theirs(viewer: Principal, payment: Payment) -> bool:
    """Whether they see the client of a payment; one of no client is for who sees all."""
    if viewer.scope.all_clients:
        return True
    card = frame.portal().clients.client(payment.client_id) if payment.client_id else None
    return card is not None and is_in_scope(viewer, card.partner_id, card.manager_id)


def _decide(refund: Refund, payment: Payment) -> None:
    money, actor = frame.portal().money, frame.principal()
    key = f"approve_{refund.refund_id}"
    amount = write.money(refund.amount_cents + refund.fee_cents, payment.currency)
    with st.container(horizontal=True, vertical_alignment="center"):
        asked = frame.plain(_who(refund.requested_by))
        st.markdown(
            f"{frame.plain(amount)} of {refund.payment_id} · {frame.plain(refund.reason)} · "
            f"asked by {asked}"
        )
        sure.button("Approve", key=key, is_primary=True)
        if st.button("Reject", key=f"reject_{refund.refund_id}"):
            rejected = RejectRefund(actor=actor, refund_id=refund.refund_id)
            if deeds.attempt(partial(money.reject_refund, rejected)):
                st.rerun()
    question = f"Approve it? {amount} goes back to the payer at once."
    if sure.is_sure(key, question, f"Send {amount} back"):
        command = ApproveRefund(actor=actor, refund_id=refund.refund_id)
        if deeds.attempt(partial(money.approve_refund, command)):
            st.rerun()


@dialog("Refund")
def _dialog(payment_id: str) -> None:
    contents(payment_id)


def contents(payment_id: str) -> None:
    """Draw the form of a refund."""
    payment, items = _read(payment_id)
    if payment is None:
        frame.refused("There is no such payment.")
        return
    left = sum(item.cents - item.refunded_cents for item in items)
    st.markdown(
        f"**{payment.payment_id}** · {_plain(left, payment)} of "
        f"{_plain(payment.amount_cents, payment)} can go back"
    )
    lines = _parts(items, payment)
    reason = st.text_input("Reason", placeholder="Paid twice", key="refund_reason")
    limit = frame.portal().money.policy.approval_cents
    if limit is not None and sum(lines.values()) > limit:
        st.caption(f"Above {_plain(limit, payment)} somebody else must approve it.")
    if not st.button("Refund", type="primary", key="refund_go", disabled=not lines):
        return
    command = RequestRefund(
        actor=frame.principal(),
        request_id=deeds.request_id(FORM),
        payment_id=payment_id,
        lines=lines,
        reason=reason,
    )
    refund = deeds.attempt(partial(frame.portal().money.request_refund, command))
    if refund is not None:
        deeds.form_is_done(FORM)
        st.toast(_SAYS.get(refund.state, refund.state), icon=":material/undo:")
        st.rerun()


def _parts(items: Sequence[PaymentItem], payment: Payment) -> dict[str, int]:
    """How much of each line; all of it unless somebody says otherwise."""
    lines: dict[str, int] = {}
    for item in items:
        most = item.cents - item.refunded_cents
        if most <= 0:
            continue
        name = f"Invoice {item.invoice_number}" if item.invoice_id else "On account"
        typed = st.text_input(
            f"{name}, {_plain(most, payment)} left",
            write.plain_amount(most),
            key=f"refund_of_{item.item_id}",
        )
        cents = deeds.attempt(partial(parse_cents, typed or "0"))
        if cents:
            lines[item.item_id] = cents
    return lines


def _read(payment_id: str) -> tuple[Payment | None, list[PaymentItem]]:
    with frame.portal().store.reading() as view:
        return view.payments.find(payment_id), view.payments.items(payment_id)


def _plain(cents: int, payment: Payment) -> str:
    return frame.plain(write.money(cents, payment.currency))


def _who(actor: str) -> str:
    with frame.portal().store.reading() as view:
        user = view.users.find(actor)
    return user.full_name if user else actor
