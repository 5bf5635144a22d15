"""Let a large refund go: a second person says yes, and the money goes back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from portal.domain.payment_policy import PaymentPolicy
from portal.domain.permissions import Principal
from portal.failpoints import failpoint
from portal.services.carry_out_refund import carry_out_refund
from portal.services.decide_refund import refund_to_decide
from portal.services.gateway import Gateway
from portal.services.money_ports import ClientDirectory, Refund, RefundState
from portal.services.ports import Clock, Store
from portal.services.request_refund import payment_to_refund
from portal.services.till import Till, Watcher


@dataclass(frozen=True, kw_only=True)
class ApproveRefund:
    """The request."""

    actor: Principal
    refund_id: str


def approve_refund(
    command: ApproveRefund,
    *,
    store: Store,
    gateway: Gateway,
    directory: ClientDirectory,
    clock: Clock,
    policy: PaymentPolicy,
    watchers: Sequence[Watcher] = (),
) -> Refund:
    """Approve and send back. What has changed since it was asked for is checked again.

    Raises: Denied for one's own request; NotFound, AlreadyDecided, RefundRefused.
    """
    till = Till(
        store=store, gateway=gateway, directory=directory, clock=clock, policy=policy,
        watchers=watchers,
    )  # fmt: skip
    with store.unit_of_work() as uow:
        uow.payments.serialize()
        refund = refund_to_decide(uow, command.actor, command.refund_id, directory)
        payment_to_refund(uow, till, command.actor, refund.payment_id)
        now = clock()
        refund = replace(
            refund, state=RefundState.PENDING, decided_by=command.actor.user_key, updated_at=now
        )
        uow.refunds.save(refund)
        uow.audit.append(
            at=now, actor=command.actor.user_key, action="refund.approved",
            subject=refund.refund_id,
            detail={"payment": refund.payment_id, "amount_cents": refund.amount_cents},
        )  # fmt: skip
        uow.commit()
    failpoint("refund.approved")
    return carry_out_refund(till, refund)
