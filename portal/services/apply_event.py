"""Act upon what the gateway told by itself: read the thing it names, and record that."""

from dataclasses import replace

from portal.failpoints import failpoint
from portal.services.gateway import GatewayPayment, GatewayRefused
from portal.services.gateway_states import EventKind
from portal.services.money_ports import Payment, WebhookEvent
from portal.services.payment_outcome import News, record_outcome
from portal.services.payment_steps import raise_exception
from portal.services.read_outcome import read_outcome, read_refunds
from portal.services.remove_method import end_method
from portal.services.till import Till

_ABOUT_PAYMENTS = (EventKind.PAYMENT, EventKind.REFUND, EventKind.DISPUTE)


def apply_event(till: Till, event: WebhookEvent) -> bool:
    """Act upon an event that is kept. Returns: whether it could be acted upon.

    Raises: GatewayUnsure, GatewayBusy, GatewayRefused; the event waits then and is tried again.
    """
    if event.kind in _ABOUT_PAYMENTS and event.payment_ref:
        outcome = _payment(till, event)
    elif event.kind == EventKind.METHOD and event.method_ref:
        outcome = _method(till, event)
    elif event.kind == EventKind.PAYOUT:
        outcome = "the payouts job reads it"
    else:
        outcome = "nothing to do"
    failpoint("webhook.fetched")
    with till.store.unit_of_work() as uow:
        uow.webhooks.save(replace(event, applied_at=till.clock(), outcome=outcome))
        uow.commit()
    failpoint("webhook.applied")
    return True


def _payment(till: Till, event: WebhookEvent) -> str:
    try:
        told = till.gateway.read_payment(event.payment_ref or "")
    except GatewayRefused as refused:
        if not refused.is_missing:
            raise
        return _unknown(till, event)
    payment = _ours(till, told)
    if payment is None:
        return _unknown(till, event)
    if payment.page_ref is not None and payment.captured_cents == 0:
        now_is, _ = read_outcome(
            till, payment, actor="gateway", event_id=event.event_id, ends_open_page=False
        )
        return now_is.state
    refunds = read_refunds(till, payment, told)
    news = News(
        told=told, refunds=refunds, actor="gateway", reason="told by the gateway",
        event_id=event.event_id,
    )  # fmt: skip
    return record_outcome(till, payment.payment_id, news).state


def _ours(till: Till, told: GatewayPayment) -> Payment | None:
    with till.store.reading() as view:
        found = view.payments.find_by_ref(told.ref)
        if found is None:
            found = view.payments.find(told.our_id.split(".", 1)[0])
    return found if found is not None and found.our_id == told.our_id else None


def _unknown(till: Till, event: WebhookEvent) -> str:
    """Money the portal knows nothing of: kept, and somebody must look."""
    with till.store.unit_of_work() as uow:
        raise_exception(
            uow, "unknown_payment", event.payment_ref or event.event_id, at=till.clock(),
            detail={"event": event.event_id, "kind": event.kind},
        )  # fmt: skip
        uow.commit()
    return "no such payment here"


def _method(till: Till, event: WebhookEvent) -> str:
    ref = event.method_ref or ""
    with till.store.reading() as view:
        known = view.methods.find_by_ref(ref)
    if known is None or known.state != "active":
        return "not one of ours"
    if not _is_removed(till, ref):
        return "still kept"
    with till.store.unit_of_work() as uow:
        uow.payments.serialize()
        kept = uow.methods.find(known.method_id) or known
        if kept.state == "active":
            end_method(uow, kept, actor="gateway", now=till.clock())
            uow.commit()
    return "removed"


def _is_removed(till: Till, method_ref: str) -> bool:
    try:
        return till.gateway.read_method(method_ref).is_removed
    except GatewayRefused as refused:
        if not refused.is_missing:
            raise
        return True
