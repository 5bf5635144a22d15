"""A card owner's objection: the payment is taken back, and stands again if it is won."""

from dataclasses import replace
from typing import Any

from portal.domain.payment_states import PaymentState
from portal.services.gateway_states import DisputeState
from portal.services.money_ports import Dispute, Payment
from portal.services.payment_steps import move, raise_exception
from portal.services.ports import UnitOfWork

S = PaymentState


def follow_dispute(
    uow: UnitOfWork, payment: Payment, told: DisputeState, said: dict[str, Any]
) -> Payment:
    """Bring our record of a dispute to what the gateway says of it."""
    known = next(iter(uow.disputes.of_payment(payment.payment_id)), None)
    if known is None:
        if payment.state not in (S.SUCCEEDED, S.PART_REFUNDED):
            return payment
        known = _opened(payment, said)
        uow.disputes.save(known)
        payment = move(uow, payment, S.DISPUTED, **{**said, "reason": "disputed"})
        raise_exception(
            uow, "dispute", payment.payment_id, at=said["at"],
            detail={"cents": known.amount_cents},
        )  # fmt: skip
    if told == known.state or known.state != "open":
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


def _opened(payment: Payment, said: dict[str, Any]) -> Dispute:
    return Dispute(
        dispute_id=f"{payment.payment_id}-dispute",
        payment_id=payment.payment_id,
        amount_cents=payment.captured_cents - payment.refunded_cents,
        reason="opened by the card's owner",
        state="open",
        opened_at=said["at"],
    )
