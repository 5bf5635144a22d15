"""Charge saved methods for attempts that are kept: one, or several of a run together.

The gateway writes each payment down first, which moves no money; the references are kept; only
then is each confirmed, which can succeed once. An answer that does not come is UNKNOWN.
Each attempt has keys of its own, so that one cut off anywhere is settled without the others.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from portal.domain.payment_states import LIVE, PaymentState
from portal.failpoints import failpoint
from portal.services.at_once import at_once
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
from portal.services.payment_outcome import News, record_outcomes
from portal.services.payment_steps import move, note, raise_exception
from portal.services.till import Till

S = PaymentState
Subject = TypeVar("Subject")
Answer = GatewayPayment | GatewayRefused | KeyReused | GatewayUnsure | GatewayBusy
_NO_PAYMENT = (GatewayRefused, KeyReused, GatewayUnsure, GatewayBusy)


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """An attempt that is kept. `method` is its own, where it has just been read."""

    payment: Payment
    method: PaymentMethod | None = None
    off_session: bool = False
    return_url: str = ""


@dataclass(frozen=True, kw_only=True)
class Charged:
    """The payment as it stands then, and where the payer's bank wants to ask the payer."""

    payment: Payment
    action_url: str | None = None


def charge_method(till: Till, attempt: Attempt) -> Charged:
    """Start, keep the reference, confirm, record."""
    return charge_methods(till, [attempt])[0]


def charge_methods(till: Till, attempts: Sequence[Attempt], *, most: int = 1) -> list[Charged]:
    """The same for several: all are started, kept, confirmed and recorded together.

    The gateway is asked for at most so many at a time.
    """
    done: dict[str, Charged] = {}
    started = _answers(lambda each: _start(till, each), attempts, most)
    kept = _keep_refs(till, _those_told([each.payment for each in attempts], started, till, done))
    for payment, told in kept:
        if payment.state not in LIVE:
            done[payment.payment_id] = _stop(till, payment, told)
    going = [(payment, told) for payment, told in kept if payment.state in LIVE]
    confirmed = _answers(lambda each: _confirm(till, *each), going, most)
    told = _those_told([payment for payment, _ in going], confirmed, till, done)
    news = [
        (payment.payment_id, News(told=said, actor=payment.taken_by, reason="charged"))
        for payment, said in told
    ]
    for after, (_, said) in zip(record_outcomes(till, news), told, strict=True):
        done[after.payment_id] = Charged(payment=after, action_url=said.action_url)
    return [done[each.payment.payment_id] for each in attempts]


def _answers(
    ask: Callable[[Subject], GatewayPayment], all_: Sequence[Subject], most: int
) -> list[Answer]:
    def answer(subject: Subject) -> Answer:
        try:
            return ask(subject)
        except _NO_PAYMENT as problem:
            return problem

    return list(at_once(answer, all_, most=most))


def _those_told(
    payments: Sequence[Payment],
    answers: Sequence[Answer],
    till: Till,
    done: dict[str, Charged],
) -> list[tuple[Payment, GatewayPayment]]:
    """The payments that the gateway told of; what is known of the others is kept at once."""
    told = []
    for payment, answer in zip(payments, answers, strict=True):
        if isinstance(answer, GatewayPayment):
            told.append((payment, answer))
        else:
            done[payment.payment_id] = Charged(payment=_untold(till, payment, answer))
    return told


def _untold(till: Till, payment: Payment, problem: Exception) -> Payment:
    if isinstance(problem, GatewayRefused):
        return decline(till, payment, problem.code)
    reason = "key_reused" if isinstance(problem, KeyReused) else "no_answer"
    return _unsure(till, payment, reason=reason)


def _start(till: Till, attempt: Attempt) -> GatewayPayment:
    payment = attempt.payment
    order = _order(attempt, attempt.method or _method(till, payment), till.policy.firm_name)
    key = f"{payment.gateway_key}.start"
    started = till.patiently(lambda: till.gateway.start_payment(order, key=key))
    failpoint("take_payment.started")
    return started


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


def _confirm(till: Till, payment: Payment, started: GatewayPayment) -> GatewayPayment:
    ref, key = started.ref, f"{payment.gateway_key}.confirm"
    try:
        told = till.patiently(lambda: till.gateway.confirm_payment(ref, key=key))
    except GatewayRefused:
        # It may have been confirmed before, by an attempt that was broken off: look.
        told = till.gateway.read_payment(ref)
        if told.state is GatewayState.WAITING:
            raise
        return told
    failpoint("take_payment.confirmed")
    return told


def _method(till: Till, payment: Payment) -> PaymentMethod:
    with till.store.reading() as view:
        method = view.methods.find(payment.method_id or "")
    if method is None or method.state == "removed":
        raise GatewayRefused("The method was removed.", code="method_removed")
    return method


def _order(attempt: Attempt, method: PaymentMethod, firm_name: str) -> PaymentOrder:
    payment = attempt.payment
    return PaymentOrder(
        our_id=payment.our_id,
        customer_ref=method.customer_ref,
        method_ref=method.gateway_ref,
        amount_cents=payment.amount_cents + payment.fee_cents,
        currency=payment.currency,
        kind=method.kind,
        fee_cents=payment.fee_cents,
        off_session=attempt.off_session,
        description=f"{firm_name} {payment.payment_id}",
        return_url=attempt.return_url,
    )


def _keep_refs(
    till: Till, started: Sequence[tuple[Payment, GatewayPayment]]
) -> list[tuple[Payment, GatewayPayment]]:
    """Keep what the gateway calls each. Returns: the payments as they are now kept."""
    if not started:
        return []
    kept = []
    with till.store.unit_of_work() as uow:
        uow.payments.serialize()
        for payment, told in started:
            now_kept = uow.payments.find(payment.payment_id) or payment
            if now_kept.state is S.CREATED:
                now_kept = move(
                    uow, replace(now_kept, gateway_ref=told.ref), S.PENDING, at=till.clock(),
                    actor=payment.taken_by, reason="sent to the gateway",
                )  # fmt: skip
                failpoint("take_payment.ref_written")
            kept.append((now_kept, told))
        uow.commit()
    failpoint("take_payment.ref_durable")
    return kept


def _stop(till: Till, payment: Payment, started: GatewayPayment) -> Charged:
    """Somebody ended the attempt meanwhile: what the gateway wrote down is cancelled."""
    try:
        till.gateway.void_payment(started.ref, key=f"{payment.gateway_key}.void")
    except _NO_PAYMENT as problem:
        payment = _untold(till, payment, problem)
    return Charged(payment=payment)


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
