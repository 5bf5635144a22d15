"""Refunds as the gateway tells them become refunds as the portal keeps them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from portal.domain.applications import spread_refund
from portal.domain.payment_ids import PaymentId, action_id
from portal.domain.payment_states import PaymentState
from portal.failpoints import failpoint
from portal.services import gateway_states
from portal.services.gateway import GatewayRefund
from portal.services.money_ports import Payment, Refund, RefundItem, RefundState
from portal.services.payment_items import refund_items
from portal.services.payment_letters import send_refund
from portal.services.payment_steps import move, note, raise_exception, raise_once
from portal.services.ports import UnitOfWork
from portal.services.till import Till

R = RefundState
STANDING = (R.AWAITING_APPROVAL, R.PENDING, R.UNKNOWN, R.SUCCEEDED)
"""Refunds that have gone back or may still: their sum never exceeds what was captured."""
ASKED = (R.PENDING, R.UNKNOWN)


def record_refunds(
    uow: UnitOfWork, till: Till, payment: Payment, told: Iterable[GatewayRefund], now: datetime
) -> Payment:
    """Bring our refunds of a payment to what the gateway says; others' become visible here."""
    for refund in told:
        known = uow.refunds.find_by_ref(refund.ref) or _ours(uow, payment, refund)
        if known is None:
            known = _made_elsewhere(uow, payment, refund, now)
        if known is not None:
            payment = record_refund(uow, till, payment, known, refund, now)
    return payment


def record_refund(
    uow: UnitOfWork,
    till: Till,
    payment: Payment,
    known: Refund,
    told: GatewayRefund,
    now: datetime,
) -> Payment:
    """Keep what has become of one refund. Returns: the payment as it is then."""
    if told.amount_cents != known.amount_cents + known.fee_cents:
        raise_exception(
            uow, "refund_differs", known.refund_id, at=now,
            detail={"gateway_ref": told.ref, "gateway_cents": told.amount_cents},
        )  # fmt: skip
        return payment
    failed = told.state is gateway_states.RefundState.FAILED
    if known.state not in ASKED:
        if (known.state is R.SUCCEEDED) is failed:
            raise_once(
                uow, "refund_contradicts", known.refund_id, at=now,
                detail={"gateway_ref": told.ref, "gateway": told.state, "ours": known.state},
            )  # fmt: skip
        return payment
    if told.state is gateway_states.RefundState.PENDING:
        if known.gateway_ref is None:
            uow.refunds.save(replace(known, gateway_ref=told.ref, updated_at=now))
            return replace(payment, updated_at=now)
        return payment
    if failed:
        return _failed(uow, payment, known, told, now)
    return _gone_back(uow, till, payment, known, told, now)


def new_refund_items(
    uow: UnitOfWork, refund_id: str, action_no: int, parts: dict[str, int]
) -> list[RefundItem]:
    """The lines of a refund, each with a payment ID of its own."""
    lines = []
    for item_id, cents in parts.items():
        number = uow.payments.next_item()
        lines.append(
            RefundItem(
                line_id=str(PaymentId(action_no, number)),
                item_no=number,
                refund_id=refund_id,
                item_id=item_id,
                cents=cents,
            )
        )
    return lines


def left_by_item(uow: UnitOfWork, payment: Payment) -> dict[str, int]:
    """What may still be refunded of each line, refunds under way counted."""
    left = {item.item_id: item.cents for item in uow.payments.items(payment.payment_id)}
    for refund in uow.refunds.of_payment(payment.payment_id):
        if refund.state in STANDING:
            for line in uow.refunds.items(refund.refund_id):
                left[line.item_id] -= line.cents
    return left


def _gone_back(
    uow: UnitOfWork, till: Till, payment: Payment, known: Refund, told: GatewayRefund, now: datetime
) -> Payment:
    done = replace(known, state=R.SUCCEEDED, gateway_ref=told.ref, updated_at=now)
    uow.refunds.save(done)
    refund_items(
        uow, payment, {line.item_id: line.cents for line in uow.refunds.items(known.refund_id)}
    )
    failpoint("refund.written")
    refunded = payment.refunded_cents + known.amount_cents
    changes = {
        "refunded_cents": refunded,
        "refunded_fee_cents": payment.refunded_fee_cents + known.fee_cents,
    }
    is_all = refunded == payment.captured_cents
    wanted = PaymentState.REFUNDED if is_all else PaymentState.PART_REFUNDED
    said = {"at": now, "actor": known.requested_by, "reason": f"refund {known.refund_id}"}
    if payment.state in (PaymentState.SUCCEEDED, PaymentState.PART_REFUNDED):
        if payment.state is wanted:
            payment = replace(payment, updated_at=now, **changes)
            uow.payments.save(payment)
            note(uow, payment, before=payment.state, **said)
        else:
            payment = move(uow, payment, wanted, **said, **changes)
    else:
        payment = replace(payment, updated_at=now, **changes)
        uow.payments.save(payment)
        raise_exception(
            uow, "refund_after_loss", known.refund_id, at=now, detail={"state": payment.state}
        )
    _audit(uow, done, now)
    send_refund(uow, till, payment, done, now)
    failpoint("refund.letter_written")
    return payment


def _failed(
    uow: UnitOfWork, payment: Payment, known: Refund, told: GatewayRefund, now: datetime
) -> Payment:
    gone = replace(known, state=R.FAILED, gateway_ref=told.ref, updated_at=now)
    uow.refunds.save(gone)
    _audit(uow, gone, now)
    raise_exception(
        uow, "refund_failed", known.refund_id, at=now, detail={"cents": known.amount_cents}
    )
    return replace(payment, updated_at=now)


def _audit(uow: UnitOfWork, refund: Refund, now: datetime) -> None:
    uow.audit.append(
        at=now,
        actor=refund.requested_by,
        action=f"refund.{refund.state}",
        subject=refund.refund_id,
        detail={"payment": refund.payment_id, "amount_cents": refund.amount_cents},
    )


def _ours(uow: UnitOfWork, payment: Payment, told: GatewayRefund) -> Refund | None:
    """Our refund of this id, unless the gateway has made another one for it before."""
    return next(
        (
            refund
            for refund in uow.refunds.of_payment(payment.payment_id)
            if refund.our_id == told.our_id and refund.gateway_ref in (None, told.ref)
        ),
        None,
    )


def _made_elsewhere(
    uow: UnitOfWork, payment: Payment, told: GatewayRefund, now: datetime
) -> Refund | None:
    """A refund made at the gateway itself: it is kept like one of ours, and said so.

    One that leaves too little for a refund under way here is only said: a person decides first
    which of the two is meant, and the next look at the gateway records what is left of it.
    """
    left = left_by_item(uow, payment)
    amount = min(told.amount_cents, sum(left.values()))
    fee = told.amount_cents - amount
    detail = {"gateway_ref": told.ref, "cents": told.amount_cents}
    raise_exception(uow, "refund_elsewhere", f"{payment.payment_id}:{told.ref}", at=now,
                    detail=detail)  # fmt: skip
    is_too_much = amount <= 0 or fee > _fee_left(uow, payment)
    if is_too_much or told.state is gateway_states.RefundState.FAILED:
        return None
    action = uow.payments.next_action()
    refund = Refund(
        refund_id=action_id(action),
        action_no=action,
        request_id=f"gateway-{told.ref}",
        fingerprint="",
        payment_id=payment.payment_id,
        amount_cents=amount,
        fee_cents=fee,
        reason="made at the gateway",
        state=R.PENDING,
        requested_by="gateway",
        gateway_ref=told.ref,
        gateway_key=f"gateway-{told.ref}",
        created_at=now,
        updated_at=now,
    )
    lines = new_refund_items(uow, refund.refund_id, action, spread_refund(amount, left))
    uow.refunds.add(refund, lines)
    return refund


def _fee_left(uow: UnitOfWork, payment: Payment) -> int:
    """What of the fee has not gone back, refunds under way counted."""
    standing = (one for one in uow.refunds.of_payment(payment.payment_id) if one.state in STANDING)
    return payment.fee_cents - sum(one.fee_cents for one in standing)
