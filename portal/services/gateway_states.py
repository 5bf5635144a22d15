"""The words of the gateway port: kinds of methods and events, and where things stand."""

from enum import StrEnum


class MethodKind(StrEnum):
    """What a payment method is. `unknown` is never charged a fee."""

    CREDIT = "credit"
    DEBIT = "debit"
    ACH = "ach"
    UNKNOWN = "unknown"


class GatewayState(StrEnum):
    """Where a payment stands at the gateway."""

    WAITING = "waiting"
    """Started and not confirmed, or the payer's page is still open. No money has moved."""
    REQUIRES_ACTION = "requires_action"
    """The payer's bank asks the payer; `action_url` is where."""
    PROCESSING = "processing"
    """A bank debit under way: not paid, and what it pays cannot be paid again."""
    SUCCEEDED = "succeeded"
    """Captured. Later refunds, a return or a dispute are told beside it."""
    DECLINED = "declined"
    """Not captured, and it never will be. `decline_code` or `return_code` says why."""
    CANCELLED = "cancelled"
    """Voided before any money moved."""


class DisputeState(StrEnum):
    """How a dispute of a payment stands."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"


class RefundState(StrEnum):
    """Where a refund stands at the gateway."""

    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class PagePurpose(StrEnum):
    """What the payer does on the gateway's page."""

    PAY = "pay"
    SAVE = "save"
    PAY_AND_SAVE = "pay_and_save"


class PageState(StrEnum):
    """Where a hosted page stands. A page that is not open takes no payment any more."""

    OPEN = "open"
    DONE = "done"
    EXPIRED = "expired"


class EventKind(StrEnum):
    """What an event is about. It only says what to read again."""

    PAYMENT = "payment"
    REFUND = "refund"
    DISPUTE = "dispute"
    METHOD = "method"
    PAGE = "page"
    PAYOUT = "payout"
    OTHER = "other"


class LineKind(StrEnum):
    """What one line of a payout is about."""

    PAYMENT = "payment"
    REFUND = "refund"
    DISPUTE = "dispute"
    RETURN = "return"
    FEE = "fee"
