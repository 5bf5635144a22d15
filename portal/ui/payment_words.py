"""States of payments and methods in the words of people, each with its icon."""

from collections.abc import Mapping

from portal.domain.payment_states import PaymentState
from portal.services.money_ports import PaymentMethod

S = PaymentState
OUTCOMES: Mapping[PaymentState, tuple[str, str]] = {
    S.CREATED: (":material/hourglass_empty:", "The payer is on the payment page"),
    S.PENDING: (":material/hourglass_empty:", "Being charged"),
    S.REQUIRES_ACTION: (":material/touch_app:", "The bank asks the payer"),
    S.PROCESSING: (":material/account_balance:", "With the bank; it settles in some days"),
    S.SUCCEEDED: (":material/check_circle:", "Paid"),
    S.DECLINED: (":material/block:", "Declined; nothing was charged"),
    S.UNKNOWN: (
        ":material/help:",
        "No answer yet. The portal finds out by itself; do not charge again",
    ),
    S.VOIDED: (":material/cancel:", "Voided; nothing was charged"),
    S.PART_REFUNDED: (":material/undo:", "Refunded in part"),
    S.REFUNDED: (":material/undo:", "Refunded"),
    S.RETURNED: (":material/keyboard_return:", "Returned by the bank"),
    S.DISPUTED: (":material/gavel:", "Disputed by the card's owner"),
}


def method_words(method: PaymentMethod) -> str:
    """`Visa ending 4242, expires 09/2028`."""
    name = method.brand or ("Bank account" if method.kind == "ach" else "Card")
    words = f"{name} ending {method.last4}" if method.last4 else name
    if method.exp_month and method.exp_year:
        words += f", expires {method.exp_month:02d}/{method.exp_year}"
    return words
