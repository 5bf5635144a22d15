"""Take a payment for a client: invoices in full or part, or an amount on account.

The attempt and what it reserves are kept before the gateway is asked, the outcome after.
Sending the same form again finishes the same attempt and charges nothing twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from portal.domain.free_text import without_card_numbers
from portal.domain.payment_policy import PaymentPolicy
from portal.domain.payment_states import LIVE, PaymentState
from portal.failpoints import failpoint
from portal.services.charge_method import Attempt, charge_method
from portal.services.gateway import Gateway, GatewayBusy, GatewayUnsure
from portal.services.money_actors import actor_key
from portal.services.money_ports import ClientDirectory, Payment
from portal.services.open_payment_page import give_up_own_pages, open_payment_page
from portal.services.ports import Clock, Store
from portal.services.read_outcome import read_outcome
from portal.services.reserve_payment import (
    Guard,
    InProgress,
    Reserved,
    TakePayment,
    checked,
    reserve,
)
from portal.services.till import Till, Watcher

KEYS_KEPT = timedelta(hours=20)
"""For how long a gateway surely knows our keys; what is older is read, never asked again."""
_CAN_GO_ON = frozenset({PaymentState.CREATED, PaymentState.PENDING})


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What came of it. `page_url` is where the payer goes on: the gateway's page or the bank."""

    payment: Payment
    page_url: str | None = None


@without_card_numbers
def take_payment(
    command: TakePayment,
    *,
    store: Store,
    gateway: Gateway,
    directory: ClientDirectory,
    clock: Clock,
    policy: PaymentPolicy,
    watchers: Sequence[Watcher] = (),
    guard: Guard | None = None,
) -> Taken:
    """Reserve, charge and record; or reserve and open the gateway's page.

    Raises: Denied, NotFound, Invalid, Overpaid, InProgress, RequestReused before anything has
    happened. What the gateway answers is told by the payment's state, not by an error.
    """
    till = Till(
        store=store, gateway=gateway, directory=directory, clock=clock, policy=policy,
        watchers=watchers,
    )  # fmt: skip
    failpoint("take_payment.begin")
    command = checked(command, till)
    try:
        kept = _reserve(command, till, guard)
    except InProgress:
        wanted = [line.invoice_id for line in command.lines if line.invoice_id is not None]
        if not give_up_own_pages(till, wanted, actor_key(command.actor)):
            raise
        kept = _reserve(command, till, guard)
    failpoint("take_payment.durable")
    payment = kept.payment
    if not kept.is_new:
        payment, page_url = _resume(till, payment)
        if payment.state not in _CAN_GO_ON or _is_old(till, payment):
            return Taken(payment=payment, page_url=page_url)
    if payment.method_id is None:
        return Taken(payment=payment, page_url=open_payment_page(
            till, payment, return_url=command.return_url, save_method=command.save_method
        ))  # fmt: skip
    charged = charge_method(till, Attempt(
        payment=payment, method=kept.method, off_session=command.off_session,
        return_url=command.return_url,
    ))  # fmt: skip
    return Taken(payment=charged.payment, page_url=charged.action_url)


def _resume(till: Till, payment: Payment) -> tuple[Payment, str | None]:
    """Learn what became of an attempt that this form has made before.

    One that was broken off before the gateway answered goes on with the same keys; one that
    waits for news, or is older than the gateway keeps keys, is only read.
    """
    goes_on = payment.state in _CAN_GO_ON and not _is_old(till, payment)
    if payment.state not in LIVE or (goes_on and payment.page_ref is None):
        return payment, None
    try:
        return read_outcome(till, payment)
    except (GatewayUnsure, GatewayBusy):
        return payment, None


def _is_old(till: Till, payment: Payment) -> bool:
    return till.clock() - payment.created_at > KEYS_KEPT


def _reserve(command: TakePayment, till: Till, guard: Guard | None) -> Reserved:
    with till.store.unit_of_work() as uow:
        reserved = reserve(uow, command, till, guard)
        if reserved.is_new:
            uow.commit()
    return reserved
