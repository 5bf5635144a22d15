"""Bring everything that waits for news up to date by reading the gateway: the nightwatch of money.

Attempts whose answer never came, pages nobody came back from, bank debits under way, refunds
under way, and events that could not be acted upon when they arrived.
"""

import contextlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from portal.domain.errors import PortalError
from portal.domain.payment_policy import PaymentPolicy
from portal.domain.payment_states import LIVE, PaymentState
from portal.services.apply_event import apply_event
from portal.services.gateway import Gateway, GatewayMisconfigured
from portal.services.gateway_states import MethodKind
from portal.services.money_ports import ClientDirectory, Payment, Refund, RefundState
from portal.services.payment_steps import raise_exception
from portal.services.ports import Clock, Store
from portal.services.read_outcome import read_outcome
from portal.services.settle_refund import settle_refund
from portal.services.till import Till, Watcher

log = logging.getLogger("portal.settle")
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
    """Read and record. One that can't be settled does not keep the others from it."""
    till = Till(
        store=store, gateway=gateway, directory=directory, clock=clock, policy=policy,
        watchers=watchers,
    )  # fmt: skip
    done = Settled()
    for payment in _waiting(till, command):
        _settle(till, done, payment.payment_id, lambda payment=payment: _payment(till, payment))
    for refund in _waiting_refunds(till, command):
        _settle(till, done, refund.refund_id, lambda refund=refund: _refund(till, refund))
    with store.reading() as view:
        events = view.webhooks.waiting()
    for event in events:
        _settle(till, done, event.event_id, lambda event=event: apply_event(till, event))
    return done


def _settle(till: Till, done: Settled, subject: str, work: Callable[[], bool]) -> None:
    """One turn. What the program did not expect of one subject ends with that subject's turn."""
    done.looked_at += 1
    try:
        done.changed += work()
    except GatewayMisconfigured:
        done.unreadable.append(subject)
        _tell(till, "gateway_refuses_key", till.gateway.name)
    except PortalError:
        done.unreadable.append(subject)
    except Exception:
        log.exception("settle: %s could not be brought up to date", subject)
        done.unreadable.append(subject)
        _tell(till, "cannot_settle", subject)


def _tell(till: Till, kind: str, subject: str) -> None:
    with contextlib.suppress(PortalError), till.store.unit_of_work() as uow:
        if uow.exceptions.open_on(kind, subject) is None:
            raise_exception(uow, kind, subject, at=till.clock(), detail={})
            uow.commit()


def _payment(till: Till, payment: Payment) -> bool:
    now_is, _ = read_outcome(till, payment, actor=ACTOR, ends_open_page=_is_left(till, payment))
    return now_is.state is not payment.state


def _refund(till: Till, refund: Refund) -> bool:
    return settle_refund(till, refund).state is not refund.state


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


def _waiting_refunds(till: Till, command: SettleUnknown) -> list[Refund]:
    before = till.clock() - command.grace
    with till.store.reading() as view:
        waiting = view.refunds.in_states([RefundState.PENDING, RefundState.UNKNOWN])
    return [refund for refund in waiting if refund.updated_at <= before]
