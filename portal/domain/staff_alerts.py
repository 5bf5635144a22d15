"""What staff can be told of by mail, which line of the audit log tells it, and who may hear it."""

from collections.abc import Mapping
from enum import StrEnum

from portal.domain.payers import AskKind
from portal.domain.permissions import Permission


class Alert(StrEnum):
    """Something a member of staff can be told of."""

    PAYMENT_RECEIVED = "payment_received"
    PAYMENT_FAILED = "payment_failed"
    REFUND = "refund"
    DISPUTE = "dispute"
    PLAN_STOPPED = "plan_stopped"
    EXCEPTION = "exception"
    BROKEN_PROMISE = "broken_promise"
    BOUNCE = "bounce"
    PAYER_ASKED = "payer_asked"


class Whose(StrEnum):
    """Of which clients somebody wants to be told."""

    MINE = "mine"
    """Where they are partner or manager."""
    ALL = "all"
    """All that they may see."""


NEEDS: Mapping[Alert, Permission] = {
    Alert.PAYMENT_RECEIVED: Permission.VIEW_PAYMENTS,
    Alert.PAYMENT_FAILED: Permission.VIEW_PAYMENTS,
    Alert.REFUND: Permission.VIEW_PAYMENTS,
    Alert.DISPUTE: Permission.VIEW_PAYMENTS,
    Alert.PLAN_STOPPED: Permission.VIEW_PAYMENTS,
    Alert.EXCEPTION: Permission.RECONCILE,
    Alert.BROKEN_PROMISE: Permission.VIEW_COLLECTIONS,
    Alert.BOUNCE: Permission.RESEND_INVOICE,
    Alert.PAYER_ASKED: Permission.VIEW_COLLECTIONS,
}
"""Without this permission nobody hears of it, whatever they have chosen."""

_TOLD_BY: Mapping[str, Alert] = {
    "payment.succeeded": Alert.PAYMENT_RECEIVED,
    "payment.declined": Alert.PAYMENT_FAILED,
    "payment.returned": Alert.PAYMENT_FAILED,
    "payment.disputed": Alert.DISPUTE,
    "dispute.lost": Alert.DISPUTE,
    "refund.succeeded": Alert.REFUND,
    "refund.failed": Alert.REFUND,
    "plan.paused": Alert.PLAN_STOPPED,
    "plan.ended": Alert.PLAN_STOPPED,
    "plan.cancelled": Alert.PLAN_STOPPED,
    "promise.broken": Alert.BROKEN_PROMISE,
    **{f"payer.asked_{kind.value}": Alert.PAYER_ASKED for kind in AskKind},
}
_DONE_BY_PEOPLE = frozenset({"exception.resolved", "exception.assigned"})


def alert_of(action: str, before: object = None) -> Alert | None:
    """Which alert a line of the audit log tells; None for most lines.

    `before` is the state a payment was in: one that stands again was disputed, and won.
    """
    if action.startswith("exception.") and action not in _DONE_BY_PEOPLE:
        return Alert.EXCEPTION
    if action in ("payment.succeeded", "payment.part_refunded") and before == "disputed":
        return Alert.DISPUTE
    return _TOLD_BY.get(action)
