"""Say whose a payment by quick link is: it leaves the catch-all client and stays unapplied."""

from dataclasses import dataclass, replace

from portal.domain.errors import NotFound, PortalError
from portal.domain.permissions import Permission, Principal
from portal.failpoints import failpoint
from portal.services.money_actors import reach_client
from portal.services.money_ports import ClientDirectory, Payment
from portal.services.ports import Clock, Store


class AssociatedAlready(PortalError):
    """The payment belongs to another client."""


@dataclass(frozen=True, kw_only=True)
class AssociatePayment:
    """The request."""

    actor: Principal
    payment_id: str
    client_id: str


def associate_payment(
    command: AssociatePayment, *, store: Store, directory: ClientDirectory, clock: Clock
) -> Payment:
    """Give the payment its client. Saying the same again changes nothing.

    Raises: Denied, NotFound, AssociatedAlready.
    """
    card = reach_client(command.actor, Permission.QUICK_LINKS, command.client_id, directory)
    with store.unit_of_work() as uow:
        uow.payments.serialize()
        payment = uow.payments.find(command.payment_id)
        if payment is None:
            raise NotFound("There is no such payment.")
        if payment.client_id == command.client_id:
            return payment
        if payment.client_id is not None:
            raise AssociatedAlready("This payment belongs to another client already.")
        now = clock()
        payment = replace(payment, client_id=card.client_id, updated_at=now)
        uow.payments.save(payment)
        uow.audit.append(
            at=now, actor=command.actor.user_key, action="payment.associated",
            subject=payment.payment_id, detail={"client": card.client_id},
        )  # fmt: skip
        failpoint("associate.written")
        uow.commit()
    return payment
