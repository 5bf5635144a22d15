"""Ask for money to go back, in full, in part or by line; above a limit somebody else decides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from portal.domain.applications import Overpaid, fee_share, spread_refund
from portal.domain.errors import Invalid, NotFound, PortalError
from portal.domain.free_text import FreeText, without_card_numbers
from portal.domain.money import format_cents
from portal.domain.payment_ids import action_id
from portal.domain.payment_policy import PaymentPolicy
from portal.domain.payment_states import PaymentState
from portal.domain.permissions import Permission, Principal
from portal.failpoints import failpoint
from portal.services.carry_out_refund import carry_out_refund
from portal.services.gateway import Gateway
from portal.services.money_actors import reach_client
from portal.services.money_ports import ClientDirectory, Payment, Refund, RefundState
from portal.services.money_requests import check_request, check_same, checked_text, fingerprint
from portal.services.ports import Clock, Store, UnitOfWork
from portal.services.refund_steps import STANDING, left_by_item, new_refund_items
from portal.services.till import Till, Watcher

S = PaymentState
_WHY_NOT = {
    S.PROCESSING: "The bank is still working on this payment. Wait until it has settled.",
    S.RETURNED: "The bank has taken this payment back; there is nothing to refund.",
    S.DISPUTED: "This payment is disputed; the card's bank decides where the money goes.",
    S.REFUNDED: "This payment has been refunded in full.",
    S.DECLINED: "This payment was declined; nothing was taken.",
    S.VOIDED: "This payment was voided; nothing was taken.",
}


class RefundRefused(PortalError):
    """This payment can't be refunded, or not any more. The gateway was not asked."""


@dataclass(frozen=True, kw_only=True)
class RequestRefund:
    """The request: how much of which line, or an amount that is taken from the lines in order."""

    actor: Principal
    request_id: str
    payment_id: str
    reason: FreeText
    cents: int | None = None
    lines: Mapping[str, int] = field(default_factory=dict)


@without_card_numbers
def request_refund(
    command: RequestRefund,
    *,
    store: Store,
    gateway: Gateway,
    directory: ClientDirectory,
    clock: Clock,
    policy: PaymentPolicy,
    watchers: Sequence[Watcher] = (),
) -> Refund:
    """Check, keep, and send back at once unless somebody else must approve it.

    Raises: Denied, NotFound, Invalid, RefundRefused, Overpaid, RequestReused.
    """
    till = Till(
        store=store, gateway=gateway, directory=directory, clock=clock, policy=policy,
        watchers=watchers,
    )  # fmt: skip
    command.actor.require(Permission.REFUND)
    check_request(command.request_id)
    reason = checked_text(command.reason)
    if not reason:
        raise Invalid("Say why this is refunded.")
    print_ = fingerprint(
        "request_refund",
        {"payment": command.payment_id, "cents": command.cents, "lines": dict(command.lines),
         "reason": reason, "actor": command.actor.user_key},
    )  # fmt: skip
    with store.unit_of_work() as uow:
        uow.payments.serialize()
        refund = uow.refunds.find_by_request(command.request_id)
        if refund is not None:
            check_same(refund.fingerprint, print_)
        else:
            refund = _keep(uow, till, command, reason, print_)
            failpoint("refund.requested")
            uow.commit()
    failpoint("refund.durable")
    return carry_out_refund(till, refund)


def _keep(uow: UnitOfWork, till: Till, command: RequestRefund, reason: str, print_: str) -> Refund:
    payment = payment_to_refund(uow, till, command.actor, command.payment_id)
    parts = _parts(uow, payment, command)
    cents, now = sum(parts.values()), till.clock()
    limit = till.policy.approval_cents
    needs_approval = limit is not None and cents > limit
    failpoint("refund.checked")
    action = uow.payments.next_action()
    refund = Refund(
        refund_id=action_id(action),
        action_no=action,
        request_id=command.request_id,
        fingerprint=print_,
        payment_id=payment.payment_id,
        amount_cents=cents,
        fee_cents=_fee(uow, payment, cents),
        reason=reason,
        state=RefundState.AWAITING_APPROVAL if needs_approval else RefundState.PENDING,
        requested_by=command.actor.user_key,
        gateway_key=f"refund.{command.request_id}",
        created_at=now,
        updated_at=now,
    )
    uow.refunds.add(refund, new_refund_items(uow, refund.refund_id, action, parts))
    uow.audit.append(
        at=now, actor=refund.requested_by, action=f"refund.{refund.state}",
        subject=refund.refund_id,
        detail={"payment": payment.payment_id, "amount_cents": cents, "reason": reason},
    )  # fmt: skip
    return refund


def payment_to_refund(uow: UnitOfWork, till: Till, actor: Principal, payment_id: str) -> Payment:
    """The payment, if this person may reach it and money of it may go back now.

    Raises: NotFound, RefundRefused.
    """
    payment = uow.payments.find(payment_id)
    if payment is None:
        raise NotFound("There is no such payment.")
    if payment.client_id is not None:
        reach_client(actor, Permission.REFUND, payment.client_id, till.directory)
    elif not actor.may(Permission.ALL_CLIENTS):
        raise NotFound("There is no such payment.")
    if payment.state not in (S.SUCCEEDED, S.PART_REFUNDED):
        raise RefundRefused(_WHY_NOT.get(payment.state, "This payment is not finished yet."))
    days = till.policy.refund_days
    if payment.captured_at is None or till.clock() - payment.captured_at > timedelta(days=days):
        raise RefundRefused(
            f"Refunds are possible for {days} days after a payment. Pay this back another way."
        )
    return payment


def _parts(uow: UnitOfWork, payment: Payment, command: RequestRefund) -> dict[str, int]:
    left = left_by_item(uow, payment)
    if not any(left.values()):
        raise RefundRefused("All of this payment has gone back, or is on its way back.")
    if not command.lines:
        cents = sum(left.values()) if command.cents is None else command.cents
        if type(cents) is not int or cents <= 0:
            raise Invalid("A refund must be more than 0.00.")
        return spread_refund(cents, left)
    for item_id, cents in command.lines.items():
        if item_id not in left:
            raise NotFound("There is no such line in this payment.")
        if type(cents) is not int or cents <= 0:
            raise Invalid("A refund must be more than 0.00.")
        if cents > left[item_id]:
            still = format_cents(left[item_id], payment.currency)
            raise Overpaid(
                f"At most {still} of the line {item_id} can be refunded.",
                payable_cents=left[item_id],
            )
    return dict(command.lines)


def _fee(uow: UnitOfWork, payment: Payment, cents: int) -> int:
    standing = [
        refund for refund in uow.refunds.of_payment(payment.payment_id) if refund.state in STANDING
    ]
    return fee_share(
        fee_cents=payment.fee_cents,
        captured_cents=payment.captured_cents,
        refunded_cents=sum(refund.amount_cents for refund in standing),
        refunded_fee_cents=sum(refund.fee_cents for refund in standing),
        cents=cents,
    )
