"""Turn a large refund down: the money stays, and what was held back is free again."""

from dataclasses import dataclass, replace

from portal.domain.free_text import FreeText, without_card_numbers
from portal.domain.permissions import Principal
from portal.services.decide_refund import refund_to_decide
from portal.services.money_ports import ClientDirectory, Refund, RefundState
from portal.services.money_requests import checked_text
from portal.services.ports import Clock, Store


@dataclass(frozen=True, kw_only=True)
class RejectRefund:
    """The request."""

    actor: Principal
    refund_id: str
    reason: FreeText = ""


@without_card_numbers
def reject_refund(
    command: RejectRefund, *, store: Store, directory: ClientDirectory, clock: Clock
) -> Refund:
    """Turn it down.

    Raises: Denied, NotFound, AlreadyDecided.
    """
    reason = checked_text(command.reason)
    with store.unit_of_work() as uow:
        uow.payments.serialize()
        refund = refund_to_decide(uow, command.actor, command.refund_id, directory)
        now = clock()
        refund = replace(
            refund, state=RefundState.REJECTED, decided_by=command.actor.user_key, updated_at=now
        )
        uow.refunds.save(refund)
        uow.audit.append(
            at=now, actor=command.actor.user_key, action="refund.rejected",
            subject=refund.refund_id,
            detail={"payment": refund.payment_id, "reason": reason},
        )  # fmt: skip
        uow.commit()
    return refund
