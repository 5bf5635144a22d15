"""Learn what became of a refund by reading the gateway; it is never asked for again."""

from dataclasses import replace

from portal.failpoints import failpoint
from portal.services.money_ports import Refund, RefundState
from portal.services.payment_steps import raise_exception
from portal.services.refund_steps import record_refunds
from portal.services.till import Till


def settle_refund(till: Till, refund: Refund) -> Refund:
    """Read and record. One the gateway has never heard of has failed: nothing went back.

    Raises: GatewayUnsure, GatewayBusy, GatewayRefused.
    """
    with till.store.reading() as view:
        payment = view.payments.find(refund.payment_id)
    if payment is None or payment.gateway_ref is None:
        return refund
    told = till.gateway.read_refunds(payment.gateway_ref)
    failpoint("refund.settle_read")
    with till.store.unit_of_work() as uow:
        uow.payments.serialize()
        now = till.clock()
        payment = uow.payments.find(refund.payment_id) or payment
        after = record_refunds(uow, till, payment, told, now)
        kept = uow.refunds.find(refund.refund_id) or refund
        is_known = any(one.our_id == kept.our_id or one.ref == kept.gateway_ref for one in told)
        if not is_known and kept.state in (RefundState.PENDING, RefundState.UNKNOWN):
            kept = replace(kept, state=RefundState.FAILED, updated_at=now)
            uow.refunds.save(kept)
            uow.audit.append(
                at=now, actor="job:settle-unknown", action="refund.failed",
                subject=kept.refund_id, detail={"reason": "the gateway has no such refund"},
            )  # fmt: skip
            raise_exception(
                uow, "refund_failed", kept.refund_id, at=now, detail={"cents": kept.amount_cents}
            )
        if after.state is not payment.state:
            for watcher in till.watchers:
                watcher(uow, after, now)
        uow.commit()
    return kept
