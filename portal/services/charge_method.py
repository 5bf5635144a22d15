"""Charge a saved method for an attempt that is kept.

The gateway writes the payment down first, which moves no money; its reference is kept; only
then is it confirmed, which can succeed once. An answer that does not come is UNKNOWN.
"""

from dataclasses import replace

from portal.domain.payment_states import LIVE, PaymentState
from portal.failpoints import failpoint
from portal.services.gateway import (
    GatewayBusy,
    GatewayPayment,
    GatewayRefused,
    GatewayUnsure,
    KeyReused,
    PaymentOrder,
)
from portal.services.gateway_states import GatewayState
from portal.services.money_ports import Payment, PaymentMethod
from portal.services.payment_outcome import News, record_outcome
from portal.services.payment_steps import move, note, raise_exception
from portal.services.till import Till

S = PaymentState


def charge_method(
    till: Till,
    payment: Payment,
    *,
    method: PaymentMethod | None = None,
    off_session: bool = False,
    return_url: str = "",
) -> tuple[Payment, str | None]:
    """Start, keep the reference, confirm, record.

    `method` is the payment's own, where it has just been read.
    Returns: the payment, and where the payer's bank wants to ask the payer.
    """
    key = payment.gateway_key
    try:
        method = method or _method(till, payment)
        order = _order(till, payment, method, off_session=off_session, return_url=return_url)
        started = till.patiently(lambda: till.gateway.start_payment(order, key=f"{key}.start"))
        failpoint("take_payment.started")
        payment = _keep_ref(till, payment, started)
        if payment.state not in LIVE:
            return _stop(till, payment, started), None
        told = _confirm(till, started.ref, key)
        failpoint("take_payment.confirmed")
    except GatewayRefused as refused:
        return decline(till, payment, refused.code), None
    except KeyReused:
        return _unsure(till, payment, reason="key_reused"), None
    except (GatewayUnsure, GatewayBusy):
        return _unsure(till, payment, reason="no_answer"), None
    news = News(told=told, actor=payment.taken_by, reason="charged")
    return record_outcome(till, payment.payment_id, news), told.action_url


def decline(till: Till, payment: Payment, code: str) -> Payment:
    """The gateway will not do it and nothing happened."""
    with till.store.unit_of_work() as uow:
        uow.payments.serialize()
        now_kept = uow.payments.find(payment.payment_id) or payment
        if now_kept.state not in LIVE:
            return now_kept
        declined = move(
            uow, now_kept, S.DECLINED, at=till.clock(), actor=payment.taken_by,
            reason="the gateway refused", decline_code=code,
        )  # fmt: skip
        for watcher in till.watchers:
            watcher(uow, declined, till.clock())
        uow.commit()
    return declined


def _confirm(till: Till, ref: str, key: str) -> GatewayPayment:
    try:
        return till.patiently(lambda: till.gateway.confirm_payment(ref, key=f"{key}.confirm"))
    except GatewayRefused:
        # It may have been confirmed before, by an attempt that was broken off: look.
        told = till.gateway.read_payment(ref)
        if told.state is GatewayState.WAITING:
            raise
        return told


def _method(till: Till, payment: Payment) -> PaymentMethod:
    with till.store.reading() as view:
        method = view.methods.find(payment.method_id or "")
    if method is None or method.state == "removed":
        raise GatewayRefused("The method was removed.", code="method_removed")
    return method


def _order(
    till: Till, payment: Payment, method: PaymentMethod, *, off_session: bool, return_url: str
) -> PaymentOrder:
    return PaymentOrder(
        our_id=payment.our_id,
        customer_ref=method.customer_ref,
        method_ref=method.gateway_ref,
        amount_cents=payment.amount_cents + payment.fee_cents,
        currency=payment.currency,
        kind=method.kind,
        fee_cents=payment.fee_cents,
        off_session=off_session,
        description=f"{till.policy.firm_name} {payment.payment_id}",
        return_url=return_url,
    )


def _keep_ref(till: Till, payment: Payment, started: GatewayPayment) -> Payment:
    with till.store.unit_of_work() as uow:
        uow.payments.serialize()
        kept = uow.payments.find(payment.payment_id) or payment
        if kept.state is S.CREATED:
            kept = move(
                uow, replace(kept, gateway_ref=started.ref), S.PENDING, at=till.clock(),
                actor=payment.taken_by, reason="sent to the gateway",
            )  # fmt: skip
            failpoint("take_payment.ref_written")
            uow.commit()
    failpoint("take_payment.ref_durable")
    return kept


def _stop(till: Till, payment: Payment, started: GatewayPayment) -> Payment:
    """Somebody ended the attempt meanwhile: what the gateway wrote down is cancelled."""
    till.gateway.void_payment(started.ref, key=f"{payment.gateway_key}.void")
    return payment


def _unsure(till: Till, payment: Payment, *, reason: str) -> Payment:
    """No answer: it may have happened. Only reading the gateway will tell."""
    failpoint("take_payment.unsure")
    with till.store.unit_of_work() as uow:
        uow.payments.serialize()
        kept = uow.payments.find(payment.payment_id) or payment
        now = till.clock()
        if kept.state is S.CREATED:
            kept = move(uow, kept, S.PENDING, at=now, actor=payment.taken_by, reason=reason)
        if kept.state in (S.PENDING, S.REQUIRES_ACTION):
            kept = move(uow, kept, S.UNKNOWN, at=now, actor=payment.taken_by, reason=reason)
        elif kept.state is S.UNKNOWN:
            note(uow, kept, before=S.UNKNOWN, at=now, actor=payment.taken_by, reason=reason)
        if reason == "key_reused":
            raise_exception(uow, "key_reused", kept.payment_id, at=now, detail={})
        uow.commit()
    return kept
