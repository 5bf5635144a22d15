"""What the gateway says of a payment becomes what the portal keeps of it.

Every way by which news arrive ends here: the answer to our own call, the payer's return from
the hosted page, an event, the job that settles what is unknown. It compares and never
believes the order in which news come; hearing the same twice changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from portal.domain.payment_states import CAPTURED, FINAL, PaymentState
from portal.failpoints import failpoint
from portal.services.dispute_steps import follow_dispute, lost_after_refund
from portal.services.gateway import GatewayPayment, GatewayRefund
from portal.services.gateway_states import DisputeState, GatewayState
from portal.services.money_ports import Payment
from portal.services.payment_items import report_misfits, settle_items, take_back
from portal.services.payment_letters import send_receipt
from portal.services.payment_steps import move, raise_exception
from portal.services.ports import UnitOfWork
from portal.services.refund_steps import record_refunds
from portal.services.till import Till

S = PaymentState
_SAME = {
    GatewayState.REQUIRES_ACTION: S.REQUIRES_ACTION,
    GatewayState.PROCESSING: S.PROCESSING,
    GatewayState.DECLINED: S.DECLINED,
    GatewayState.CANCELLED: S.VOIDED,
}
_CREATED_FIRST = frozenset({S.REQUIRES_ACTION, S.PROCESSING, S.SUCCEEDED})


@dataclass(frozen=True, kw_only=True)
class News:
    """What was read of a payment, when, and on whose behalf."""

    told: GatewayPayment
    refunds: tuple[GatewayRefund, ...] = ()
    actor: str
    reason: str
    event_id: str | None = None


def record_outcome(till: Till, payment_id: str, news: News) -> Payment:
    """Keep what the gateway says, with letters and audit, in one transaction.

    Returns: the payment as it stands then.
    """
    return record_outcomes(till, [(payment_id, news)])[0]


def record_outcomes(till: Till, told: Sequence[tuple[str, News]]) -> list[Payment]:
    """The same for several payments, in one transaction of all."""
    if not told:
        return []
    failpoint("outcome.begin")
    with till.store.unit_of_work() as uow:
        uow.payments.serialize()
        after = [_record(uow, till, payment_id, news) for payment_id, news in told]
        uow.commit()
    failpoint("outcome.durable")
    return after


def _record(uow: UnitOfWork, till: Till, payment_id: str, news: News) -> Payment:
    before = uow.payments.find(payment_id)
    assert before is not None, "payments are never deleted"  # noqa: S101
    after = _follow(uow, till, before, news)
    failpoint("outcome.letter_written")
    if after.state is not before.state:
        for watcher in till.watchers:
            watcher(uow, after, till.clock())
    return after


def _follow(uow: UnitOfWork, till: Till, payment: Payment, news: News) -> Payment:
    now, told = till.clock(), news.told
    if not _fits(uow, payment, told, now):
        return payment
    payment = _known(uow, payment, told, now)
    if payment.state not in CAPTURED:
        payment = _before_capture(uow, till, payment, news, now)
    if payment.state in CAPTURED:
        payment = record_refunds(uow, till, payment, news.refunds, now)
        payment = _after_capture(uow, till, payment, news, now)
    return payment


def _fits(uow: UnitOfWork, payment: Payment, told: GatewayPayment, now: datetime) -> bool:
    """Whether it is our payment, with our money. If not, a person must look; nothing moves."""
    fee_cents = told.fee_cents if payment.page_ref else payment.fee_cents
    is_ours = told.our_id == payment.our_id and told.currency == payment.currency
    if is_ours and told.amount_cents == payment.amount_cents + fee_cents:
        return True
    raise_exception(
        uow, "gateway_differs", payment.payment_id, at=now,
        detail={
            "gateway_ref": told.ref,
            "gateway_cents": told.amount_cents,
            "our_cents": payment.amount_cents + fee_cents,
        },
    )  # fmt: skip
    return False


def _known(uow: UnitOfWork, payment: Payment, told: GatewayPayment, now: datetime) -> Payment:
    """Keep the gateway's reference and what may be shown of the method."""
    changes: dict[str, object] = {}
    if payment.gateway_ref is None:
        changes["gateway_ref"] = told.ref
    if payment.captured_cents == 0 and payment.page_ref and told.fee_cents != payment.fee_cents:
        changes["fee_cents"] = told.fee_cents
    if told.method and (told.method.kind, told.method.last4) != (payment.kind, payment.last4):
        changes |= {
            "kind": told.method.kind,
            "brand": told.method.brand,
            "last4": told.method.last4,
            "payer_name": payment.payer_name or told.method.holder_name,
        }
    if not changes:
        return payment
    known = replace(payment, updated_at=now, **changes)  # type: ignore[arg-type]
    uow.payments.save(known)
    return known


def _before_capture(
    uow: UnitOfWork, till: Till, payment: Payment, news: News, now: datetime
) -> Payment:
    told = news.told
    wanted = S.SUCCEEDED if told.state is GatewayState.SUCCEEDED else _SAME.get(told.state)
    if wanted is None or wanted is payment.state:
        return payment
    if payment.state in FINAL:
        if wanted in (S.SUCCEEDED, S.PROCESSING):
            raise_exception(
                uow, "charged_after_end", payment.payment_id, at=now,
                detail={"gateway_ref": told.ref, "state": payment.state, "gateway": told.state},
            )  # fmt: skip
        return payment
    said = {"at": now, "actor": news.actor, "reason": news.reason, "event_id": news.event_id}
    if payment.state is S.CREATED and wanted in _CREATED_FIRST:
        payment = move(uow, payment, S.PENDING, **said)
    if wanted is S.DECLINED and told.return_code and payment.state is S.PROCESSING:
        wanted = S.RETURNED
    if wanted is S.SUCCEEDED:
        return _capture(uow, till, payment, said, now)
    was_processing = payment.state is S.PROCESSING
    payment = move(
        uow, payment, wanted,
        decline_code=told.decline_code, return_code=told.return_code, **said,
    )  # fmt: skip
    if wanted is S.PROCESSING:
        # The invoice may have gone while the payer chose.
        report_misfits(uow, uow.payments.items(payment.payment_id), now)
    failpoint("outcome.state_written")
    if was_processing and wanted in (S.DECLINED, S.RETURNED):
        take_back(uow, till, payment, told, now)
    return payment


def _capture(
    uow: UnitOfWork, till: Till, payment: Payment, said: dict[str, object], now: datetime
) -> Payment:
    payment = move(
        uow, payment, S.SUCCEEDED, captured_cents=payment.amount_cents, captured_at=now,
        settled_at=now if payment.state is S.PROCESSING else None, **said,
    )  # fmt: skip
    failpoint("outcome.state_written")
    items = settle_items(uow, payment, now)
    failpoint("outcome.items_written")
    send_receipt(uow, till, payment, items, now)
    return payment


def _after_capture(
    uow: UnitOfWork, till: Till, payment: Payment, news: News, now: datetime
) -> Payment:
    told, standing = news.told, (S.SUCCEEDED, S.PART_REFUNDED)
    said = {"at": now, "actor": news.actor, "reason": news.reason, "event_id": news.event_id}
    if told.dispute is not None:
        was_contested = payment.state is S.DISPUTED
        payment = follow_dispute(uow, payment, told, said)
        if told.dispute is not DisputeState.WON:
            return payment
        if was_contested and payment.state in standing:
            # It weighs again; its invoice may have gone, or been paid otherwise, in between.
            report_misfits(uow, uow.payments.items(payment.payment_id), now)
    if told.return_code and payment.refunded_cents and payment.state is not S.RETURNED:
        lost_after_refund(uow, payment, now)
    if told.return_code and payment.state in standing:
        payment = move(uow, payment, S.RETURNED, return_code=told.return_code, **said)
        take_back(uow, till, payment, told, now)
    return payment
