"""What a payment can be, and what it may become. Everything else is refused."""

from enum import StrEnum

from portal.domain.errors import PortalError


class PaymentState(StrEnum):
    """Where a portal payment stands."""

    CREATED = "created"
    """Reserved here; the gateway has not been asked, or is showing its page."""
    PENDING = "pending"
    """The gateway is being asked."""
    REQUIRES_ACTION = "requires_action"
    """The payer must do something at the gateway, such as 3-D Secure."""
    PROCESSING = "processing"
    """The bank is being asked (ACH); days go by."""
    SUCCEEDED = "succeeded"
    DECLINED = "declined"
    UNKNOWN = "unknown"
    """The gateway did not answer. Only reading it tells; nothing is asked twice."""
    VOIDED = "voided"
    PART_REFUNDED = "part_refunded"
    REFUNDED = "refunded"
    RETURNED = "returned"
    """The bank took the money back (ACH return)."""
    DISPUTED = "disputed"
    """The card's owner contests it; the money is gone unless the dispute is won."""


S = PaymentState
TRANSITIONS: dict[PaymentState, frozenset[PaymentState]] = {
    S.CREATED: frozenset({S.PENDING, S.DECLINED, S.VOIDED}),
    S.PENDING: frozenset(
        {S.REQUIRES_ACTION, S.PROCESSING, S.SUCCEEDED, S.DECLINED, S.UNKNOWN, S.VOIDED}
    ),
    S.REQUIRES_ACTION: frozenset(
        {S.PENDING, S.PROCESSING, S.SUCCEEDED, S.DECLINED, S.UNKNOWN, S.VOIDED}
    ),
    S.UNKNOWN: frozenset({S.REQUIRES_ACTION, S.PROCESSING, S.SUCCEEDED, S.DECLINED, S.VOIDED}),
    S.PROCESSING: frozenset({S.SUCCEEDED, S.DECLINED, S.RETURNED, S.VOIDED}),
    S.SUCCEEDED: frozenset({S.PART_REFUNDED, S.REFUNDED, S.RETURNED, S.DISPUTED, S.VOIDED}),
    S.PART_REFUNDED: frozenset({S.REFUNDED, S.RETURNED, S.DISPUTED}),
    S.DISPUTED: frozenset({S.SUCCEEDED, S.PART_REFUNDED}),
    S.DECLINED: frozenset(),
    S.VOIDED: frozenset(),
    S.REFUNDED: frozenset(),
    S.RETURNED: frozenset(),
}
"""From each state the states it may go to. Those without any are final."""

FINAL = frozenset(state for state, following in TRANSITIONS.items() if not following)
LIVE = frozenset({S.CREATED, S.PENDING, S.REQUIRES_ACTION, S.UNKNOWN})
"""An attempt is under way: there is one at a time for an invoice."""
CAPTURED = frozenset({S.SUCCEEDED, S.PART_REFUNDED, S.REFUNDED, S.RETURNED, S.DISPUTED})
"""The gateway has taken the money, whatever came after."""
RESERVING = LIVE | {S.PROCESSING, S.SUCCEEDED, S.PART_REFUNDED}
"""Its items lower what may still be paid on their invoices."""


class ImpossibleTransition(PortalError):
    """A payment cannot become that from what it is."""


def check_transition(before: PaymentState, after: PaymentState) -> None:
    """Refuse a step that is not in the table.

    Raises: ImpossibleTransition unless a payment may go from one state to the other.
    """
    if after not in TRANSITIONS[before]:
        raise ImpossibleTransition(f"A payment that is {before} cannot become {after}.")
