"""What approving and rejecting a refund have in common: who may decide, and what is decided."""

from portal.domain.errors import Denied, NotFound, PortalError
from portal.domain.permissions import Permission, Principal
from portal.services.money_actors import reach_client
from portal.services.money_ports import ClientDirectory, Refund, RefundState
from portal.services.ports import UnitOfWork


class AlreadyDecided(PortalError):
    """Somebody was faster."""


def refund_to_decide(
    uow: UnitOfWork, actor: Principal, refund_id: str, directory: ClientDirectory
) -> Refund:
    """The refund that waits for this person's word.

    Raises: Denied without the permission or for one's own request; NotFound; AlreadyDecided.
    """
    actor.require(Permission.APPROVE_REFUND)
    refund = uow.refunds.find(refund_id)
    payment = uow.payments.find(refund.payment_id) if refund else None
    if refund is None or payment is None:
        raise NotFound("There is no such refund.")
    if payment.client_id is not None:
        reach_client(actor, Permission.APPROVE_REFUND, payment.client_id, directory)
    if refund.state is not RefundState.AWAITING_APPROVAL:
        raise AlreadyDecided(f"This refund is {refund.state} already.")
    if refund.requested_by == actor.user_key:
        raise Denied("Somebody else must decide about a refund you asked for.")
    return refund
