"""Bring everything that waits for news up to date by reading the gateway: the nightwatch of money.

Attempts whose answer never came, pages nobody came back from, bank debits under way, refunds
under way, and events that could not be acted upon when they arrived.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from portal.domain.errors import PortalError
from portal.domain.payment_policy import PaymentPolicy
from portal.domain.payment_states import LIVE, PaymentState
from portal.services.apply_event import apply_event
from portal.services.gateway import Gateway
from portal.services.gateway_states import MethodKind
from portal.services.money_ports import ClientDirectory, Payment, RefundState
from portal.services.ports import Clock, Store
from portal.services.read_outcome import read_outcome
from portal.services.settle_refund import settle_refund
from portal.services.till import Till, Watcher

ACTOR = "job:settle-unknown"
RETURNS_FOR = timedelta(days=65)
"""A bank may return a debit it had paid for about two months."""


@dataclass(frozen=True, kw_only=True)
class SettleUnknown:
    """The request. What has changed within `grace` is left alone: somebody may be at it.

    `looks_back`: also look at settled bank debits that may still be returned.
    """

    grace: timedelta = timedelta(minutes=5)
    looks_back: bool = False


@dataclass(kw_only=True)
class Settled:
    """How many were looked at, how many changed, and how many could not be read."""

    looked_at: int = 0
    changed: int = 0
    unreadable: list[str] = field(default_factory=list)


def settle_unknown(
    command: SettleUnknown,
    *,
    store: Store,
    gateway: Gateway,
    directory: ClientDirectory,
    clock: Clock,
    policy: PaymentPolicy,
    watchers: Sequence[Watcher] = (),
) -> Settled:
    """Read and record. One that can't be read does not keep the others from being settled."""
    till = Till(
        store=store, gateway=gateway, directory=directory, clock=clock, policy=policy,
        watchers=watchers,
    )  # fmt: skip
    done = Settled()
    for payment in _waiting(till, command):
        done.looked_at += 1
        try:
            now_is, _ = read_outcome(
                till, payment, actor=ACTOR, ends_open_page=_is_left(till, payment)
            )
            done.changed += now_is.state is not payment.state
        except PortalError:
            done.unreadable.append(payment.payment_id)
    _settle_refunds(till, command, done)
    _apply_events(till, done)
    return done


def _waiting(till: Till, command: SettleUnknown) -> list[Payment]:
    before = till.clock() - command.grace
    with till.store.reading() as view:
        found = view.payments.in_states(LIVE | {PaymentState.PROCESSING})
        if command.looks_back:
            since = till.clock() - RETURNS_FOR
            found += [
                payment
                for payment in view.payments.in_states(
                    [PaymentState.SUCCEEDED, PaymentState.PART_REFUNDED]
                )
                if payment.kind is MethodKind.ACH
                and payment.captured_at is not None
                and payment.captured_at >= since
            ]
    return [payment for payment in found if payment.updated_at <= before]


def _is_left(till: Till, payment: Payment) -> bool:
    """Whether a page has been open for longer than any payer needs."""
    longest = timedelta(minutes=till.policy.page_minutes)
    return till.clock() - payment.created_at > longest


def _settle_refunds(till: Till, command: SettleUnknown, done: Settled) -> None:
    before = till.clock() - command.grace
    with till.store.reading() as view:
        waiting = view.refunds.in_states([RefundState.PENDING, RefundState.UNKNOWN])
    for refund in waiting:
        if refund.updated_at > before:
            continue
        done.looked_at += 1
        try:
            done.changed += settle_refund(till, refund).state is not refund.state
        except PortalError:
            done.unreadable.append(refund.refund_id)


def _apply_events(till: Till, done: Settled) -> None:
    with till.store.reading() as view:
        waiting = view.webhooks.waiting()
    for event in waiting:
        done.looked_at += 1
        try:
            done.changed += apply_event(till, event)
        except PortalError:
            done.unreadable.append(event.event_id)
