"""A card owner's objection: the payment is taken back, and stands again if it is won."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from portal.domain.payment_states import PaymentState
from portal.services.gateway import GatewayPayment
from portal.services.gateway_states import DisputeState
from portal.services.money_ports import Dispute, Payment
from portal.services.payment_steps import move, raise_exception, raise_once
from portal.services.ports import UnitOfWork

S = PaymentState


def follow_dispute(
    uow: UnitOfWork, payment: Payment, news: GatewayPayment, said: dict[str, Any]
) -> Payment:
    """Bring our record of the newest dispute to what the gateway says of it."""
    told, dispute_id = news.dispute, _id_of(payment, news)
    earlier = uow.disputes.of_payment(payment.payment_id)
    known = next((one for one in earlier if one.dispute_id == dispute_id), None)
    if known is None:
        if payment.state is S.REFUNDED:
            lost_after_refund(uow, payment, said["at"])
        if payment.state not in (S.SUCCEEDED, S.PART_REFUNDED, S.DISPUTED):
            return payment
        for before in earlier:
            if before.state == "open":
                # How it ended was never told; had it been lost, there would be no other.
                uow.disputes.save(replace(before, state="won", closed_at=said["at"]))
        known = _opened(payment, dispute_id, said)
        uow.disputes.save(known)
        if payment.state is not S.DISPUTED:
            payment = move(uow, payment, S.DISPUTED, **{**said, "reason": "disputed"})
        raise_exception(
            uow, "dispute", payment.payment_id, at=said["at"],
            detail={"cents": known.amount_cents},
        )  # fmt: skip
    if told is None or told == known.state or known.state != "open":
        return payment
    uow.disputes.save(replace(known, state=told.value, closed_at=said["at"]))
    if told is DisputeState.WON and payment.state is S.DISPUTED:
        back = S.PART_REFUNDED if payment.refunded_cents else S.SUCCEEDED
        return move(uow, payment, back, **{**said, "reason": "dispute won"})
    uow.audit.append(
        at=said["at"], actor=said["actor"], action="dispute.lost", subject=payment.payment_id,
        detail={"cents": known.amount_cents},
    )  # fmt: skip
    return replace(payment, updated_at=said["at"])


def lost_after_refund(uow: UnitOfWork, payment: Payment, now: datetime) -> None:
    """The bank or the card's owner takes back what has been refunded: it is gone twice."""
    raise_once(
        uow, "lost_after_refund", payment.payment_id, at=now,
        detail={"cents": payment.refunded_cents},
    )  # fmt: skip


def _id_of(payment: Payment, news: GatewayPayment) -> str:
    """A card's owner who lost may dispute once more: the gateway's name tells the two apart."""
    name = f"{payment.payment_id}-dispute"
    return f"{name}-{news.dispute_ref}" if news.dispute_ref else name


def _opened(payment: Payment, dispute_id: str, said: dict[str, Any]) -> Dispute:
    return Dispute(
        dispute_id=dispute_id,
        payment_id=payment.payment_id,
        amount_cents=payment.captured_cents - payment.refunded_cents,
        reason="opened by the card's owner",
        state="open",
        opened_at=said["at"],
    )
