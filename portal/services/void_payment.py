"""Void a payment before any money has moved: its invoices can be paid again at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.domain.errors import NotFound, PortalError
from portal.domain.free_text import FreeText, without_card_numbers
from portal.domain.payment_policy import PaymentPolicy
from portal.domain.payment_states import CAPTURED, LIVE, PaymentState
from portal.domain.permissions import Permission, Principal
from portal.failpoints import failpoint
from portal.services.gateway import Gateway, GatewayRefused
from portal.services.money_actors import reach_client
from portal.services.money_ports import ClientDirectory, Payment
from portal.services.money_requests import checked_text
from portal.services.payment_outcome import News, record_outcome
from portal.services.ports import Clock, Store
from portal.services.read_outcome import read_outcome
from portal.services.till import Till, Watcher


class VoidRefused(PortalError):
    """The payment has gone too far to be voided."""


@dataclass(frozen=True, kw_only=True)
class VoidPayment:
    """The request."""

    actor: Principal
    payment_id: str
    reason: FreeText = ""


@without_card_numbers
def void_payment(
    command: VoidPayment,
    *,
    store: Store,
    gateway: Gateway,
    directory: ClientDirectory,
    clock: Clock,
    policy: PaymentPolicy,
    watchers: Sequence[Watcher] = (),
) -> Payment:
    """End it at the gateway, then here.

    Raises: Denied, NotFound, VoidRefused; GatewayUnsure when the gateway does not answer.
    """
    till = Till(
        store=store, gateway=gateway, directory=directory, clock=clock, policy=policy,
        watchers=watchers,
    )  # fmt: skip
    reason = checked_text(command.reason) or "voided by staff"
    payment = _payment(till, command)
    if payment.state in CAPTURED:
        raise VoidRefused("The money has been taken. Refund this payment instead.")
    if payment.state not in LIVE | {PaymentState.PROCESSING}:
        raise VoidRefused(f"This payment is {payment.state} already.")
    actor = command.actor.user_key
    if payment.gateway_ref is None:
        payment, _ = read_outcome(till, payment, actor=actor, ends_open_page=True)
        return _voided(payment)
    try:
        told = gateway.void_payment(payment.gateway_ref, key=f"{payment.gateway_key}.void")
    except GatewayRefused:
        told = gateway.read_payment(payment.gateway_ref)
    failpoint("void.asked")
    news = News(told=told, actor=actor, reason=reason)
    return _voided(record_outcome(till, payment.payment_id, news))


def _payment(till: Till, command: VoidPayment) -> Payment:
    command.actor.require(Permission.TAKE_PAYMENT)
    with till.store.reading() as view:
        payment = view.payments.find(command.payment_id)
    if payment is None:
        raise NotFound("There is no such payment.")
    if payment.client_id is not None:
        reach_client(command.actor, Permission.TAKE_PAYMENT, payment.client_id, till.directory)
    return payment


def _voided(payment: Payment) -> Payment:
    if payment.state not in (PaymentState.VOIDED, PaymentState.DECLINED):
        raise VoidRefused(
            "The bank has this payment already; it can't be voided any more. If it succeeds, "
            "refund it."
        )
    return payment
