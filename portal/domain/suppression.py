"""Why somebody whose invoice came of age gets no statement: every reason has a name."""

from enum import StrEnum


class Suppressed(StrEnum):
    """Why somebody whose invoice reached a trigger's age gets no statement. In order of telling."""

    EXCLUDED = "excluded"
    PAUSED = "paused"
    PAID = "paid"
    """Between the run and the review."""
    PENDING = "pending"
    DISPUTED = "disputed"
    AUTOPAY = "autopay"
    PROMISED = "promised"
    CREDITS = "credits"
    TOO_SMALL = "too_small"
    WAITING = "waiting"
    THROTTLED = "throttled"
    NO_RECIPIENT = "no_recipient"

    @property
    def label(self) -> str:
        """The reason as a list shows it."""
        return _LABELS[self]


_LABELS = {
    Suppressed.EXCLUDED: "Excluded",
    Suppressed.PAUSED: "Paused",
    Suppressed.PAID: "Paid meanwhile",
    Suppressed.PENDING: "Payment pending",
    Suppressed.DISPUTED: "Disputed",
    Suppressed.AUTOPAY: "AutoPay due",
    Suppressed.PROMISED: "Promise running",
    Suppressed.CREDITS: "Covered by credits",
    Suppressed.TOO_SMALL: "Too small",
    Suppressed.WAITING: "Waiting for review",
    Suppressed.THROTTLED: "Heard from us lately",
    Suppressed.NO_RECIPIENT: "No recipient",
}
