"""Send back what has been asked for and, where needed, approved."""

from dataclasses import replace

from portal.failpoints import failpoint
from portal.services.gateway import (
    GatewayBusy,
    GatewayRefund,
    GatewayRefused,
    GatewayUnsure,
    KeyReused,
)
from portal.services.money_ports import Refund, RefundState
from portal.services.payment_steps import raise_exception
from portal.services.refund_steps import record_refund
from portal.services.till import Till


def carry_out_refund(till: Till, refund: Refund) -> Refund:
    """Ask the gateway with the refund's own key and record its answer.

    Doing it again with the same refund sends nothing twice. Returns: the refund as kept then.
    """
    if refund.state is not RefundState.PENDING or refund.gateway_ref is not None:
        return refund
    with till.store.reading() as view:
        payment = view.payments.find(refund.payment_id)
    if payment is None or payment.gateway_ref is None:
        return refund
    ref, cents = payment.gateway_ref, refund.amount_cents + refund.fee_cents
    try:
        told = till.patiently(
            lambda: till.gateway.refund(ref, cents, refund.our_id, key=refund.gateway_key)
        )
    except GatewayRefused as refused:
        return _change(till, refund, RefundState.FAILED, refused.code)
    except (GatewayUnsure, GatewayBusy):
        return _change(till, refund, RefundState.UNKNOWN, "no_answer")
    except KeyReused:
        return _change(till, refund, RefundState.UNKNOWN, "key_reused")
    failpoint("refund.asked")
    return _record(till, refund, told)


def _record(till: Till, refund: Refund, told: GatewayRefund) -> Refund:
    with till.store.unit_of_work() as uow:
        uow.payments.serialize()
        payment = uow.payments.find(refund.payment_id)
        kept = uow.refunds.find(refund.refund_id) or refund
        assert payment is not None, "payments are never deleted"  # noqa: S101
        after = record_refund(uow, till, payment, kept, told, till.clock())
        if after.state is not payment.state:
            for watcher in till.watchers:
                watcher(uow, after, till.clock())
        kept = uow.refunds.find(refund.refund_id) or refund
        uow.commit()
    failpoint("refund.recorded")
    return kept


def _change(till: Till, refund: Refund, state: RefundState, reason: str) -> Refund:
    with till.store.unit_of_work() as uow:
        uow.payments.serialize()
        kept = uow.refunds.find(refund.refund_id) or refund
        if kept.state is not RefundState.PENDING:
            return kept
        now = till.clock()
        kept = replace(kept, state=state, updated_at=now)
        uow.refunds.save(kept)
        uow.audit.append(
            at=now, actor=refund.requested_by, action=f"refund.{state}",
            subject=refund.refund_id, detail={"reason": reason},
        )  # fmt: skip
        if reason == "key_reused":
            raise_exception(uow, "key_reused", refund.refund_id, at=now, detail={})
        uow.commit()
    return kept
