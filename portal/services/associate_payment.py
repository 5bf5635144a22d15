"""Say whose a payment by quick link is: it leaves the catch-all client and stays unapplied."""

from dataclasses import dataclass, replace
from datetime import datetime

from portal.domain.errors import NotFound, PortalError
from portal.domain.payment_states import PaymentState
from portal.domain.permissions import Permission, Principal
from portal.failpoints import failpoint
from portal.services.money_actors import reach_client
from portal.services.money_ports import ClientDirectory, Payment, PaymentEvent
from portal.services.payout_ports import MOVED, key_of_payment
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
        now, actor = clock(), command.actor.user_key
        payment = replace(payment, client_id=card.client_id, updated_at=now)
        uow.payments.save(payment)
        items = uow.payments.items(payment.payment_id)
        is_told = bool(uow.files.filed(key_of_payment(item.item_id) for item in items))
        if is_told and payment.state in (PaymentState.SUCCEEDED, PaymentState.PART_REFUNDED):
            # The next file tells the bookkeeper to move it from the catch-all client to this one.
            uow.payments.add_event(_moved(payment, actor, now))
        uow.audit.append(
            at=now, actor=actor, action="payment.associated",
            subject=payment.payment_id, detail={"client": card.client_id},
        )  # fmt: skip
        failpoint("associate.written")
        uow.commit()
    return payment


def _moved(payment: Payment, actor: str, now: datetime) -> PaymentEvent:
    return PaymentEvent(
        payment_id=payment.payment_id,
        at=now,
        from_state=payment.state,
        to_state=payment.state,
        actor=actor,
        reason=MOVED,
    )
