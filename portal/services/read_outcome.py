"""Learn what became of an attempt by reading the gateway; nothing is asked of it anew.

An attempt that the gateway has written down and not confirmed is cancelled there before it is
ended here; one that it has never heard of is ended here.
"""

from portal.domain.payment_states import LIVE, PaymentState
from portal.failpoints import failpoint
from portal.services.gateway import (
    GatewayPayment,
    GatewayRefund,
    GatewayRefused,
    PageResult,
)
from portal.services.gateway_states import GatewayState, PageState
from portal.services.money_ports import Payment
from portal.services.payment_outcome import News, record_outcome
from portal.services.payment_steps import move
from portal.services.till import Till

_NOT_YET = (GatewayState.WAITING, GatewayState.DECLINED)


def read_outcome(
    till: Till,
    payment: Payment,
    *,
    actor: str = "",
    event_id: str | None = None,
    ends_open_page: bool = False,
) -> tuple[Payment, str | None]:
    """Read and record. Returns: the payment, and where the payer goes on if it is not over.

    `ends_open_page`: a page the payer has left is closed instead of waited for.
    Raises: GatewayUnsure, GatewayBusy.
    """
    actor = actor or payment.taken_by
    page = _page(till, payment, ends_open_page=ends_open_page)
    told = page.payment if page else _payment(till, payment)
    failpoint("settle.read")
    is_open = page is not None and page.state is PageState.OPEN
    if is_open and (told is None or told.state in _NOT_YET):
        return payment, None
    if told is None:
        return end_unheard(till, payment, actor), None
    if told.state is GatewayState.WAITING:
        told = _cancel(till, payment, told)
        failpoint("settle.voided")
    refunds = read_refunds(till, payment, told)
    news = News(told=told, refunds=refunds, actor=actor, reason="read", event_id=event_id)
    return record_outcome(till, payment.payment_id, news), told.action_url


def end_unheard(till: Till, payment: Payment, actor: str) -> Payment:
    """The gateway knows nothing of it: no money has moved and none will.

    An attempt that has got its page since it was read is left alone: the payer may be on it.
    """
    failpoint("settle.not_found")
    with till.store.unit_of_work() as uow:
        uow.payments.serialize()
        kept = uow.payments.find(payment.payment_id) or payment
        if kept.state not in LIVE or kept.page_ref != payment.page_ref:
            return kept
        ended = move(
            uow, kept, PaymentState.VOIDED, at=till.clock(), actor=actor,
            reason="the gateway has no such payment",
        )  # fmt: skip
        for watcher in till.watchers:
            watcher(uow, ended, till.clock())
        uow.commit()
    return ended


def _page(till: Till, payment: Payment, *, ends_open_page: bool) -> PageResult | None:
    # A payment that is no attempt any more has left its page, which tells less: no disputes.
    has_left = payment.state not in LIVE and payment.gateway_ref is not None
    if payment.page_ref is None or has_left:
        return None
    page = till.gateway.read_page(payment.page_ref)
    if page.state is PageState.OPEN and ends_open_page:
        return till.gateway.close_page(payment.page_ref)
    return page


def _payment(till: Till, payment: Payment) -> GatewayPayment | None:
    if payment.gateway_ref is not None:
        return till.gateway.read_payment(payment.gateway_ref)
    if payment.customer_ref is None:
        return None
    return till.gateway.find_payment(payment.our_id, payment.customer_ref)


def _cancel(till: Till, payment: Payment, told: GatewayPayment) -> GatewayPayment:
    try:
        return till.gateway.void_payment(told.ref, key=f"{payment.gateway_key}.void")
    except GatewayRefused:
        return till.gateway.read_payment(told.ref)


def read_refunds(till: Till, payment: Payment, told: GatewayPayment) -> tuple[GatewayRefund, ...]:
    """The refunds of a payment, where either side knows of any.

    One that had gone back and failed later is known here only: the gateway counts it no more.
    """
    if told.refunded_cents == 0 and payment.refunded_cents == 0:
        return ()
    return tuple(till.gateway.read_refunds(told.ref))
