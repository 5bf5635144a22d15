"""The firm's rules of collections: who gets a statement, when, in which words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum

from portal.domain.errors import Invalid

MOST_TRIGGERS = 24
MOST_DAYS = 3_650
MOST_THROTTLE_DAYS = 90
MOST_GRACE_DAYS = 30
LONGEST_SUBJECT = 150
LONGEST_TEXT = 4_000


class Basis(StrEnum):
    """From which date an invoice's age counts."""

    DUE = "due"
    """Days past its due date; an invoice without one never reaches such an age."""
    INVOICE = "invoice"
    """Days since its invoice date."""


class Mode(StrEnum):
    """What becomes of a statement that a trigger calls for."""

    REVIEW = "review"
    """It is staged, and somebody looks at it before it is sent."""
    AUTOMATIC = "automatic"
    """It is sent at once."""


class PartnerCopy(StrEnum):
    """Whether the client partner gets a copy of a statement, and whether the client sees that."""

    NONE = "none"
    CC = "cc"
    BCC = "bcc"


@dataclass(frozen=True, kw_only=True)
class Trigger:
    """An age of an invoice at which its client gets a statement."""

    days: int
    basis: Basis = Basis.DUE
    message: str = "reminder"
    """The key of the message the statement carries."""
    mode: Mode = Mode.REVIEW
    partner: PartnerCopy = PartnerCopy.NONE

    @property
    def key(self) -> str:
        """How it is told from other triggers: `due-30`."""
        return f"{self.basis}-{self.days}"

    @property
    def label(self) -> str:
        """How a person says it."""
        days = "1 day" if self.days == 1 else f"{self.days} days"
        return f"{days} past due" if self.basis is Basis.DUE else f"{days} after the invoice date"


@dataclass(frozen=True, kw_only=True)
class Message:
    """The words of a statement's mail. What it is about is filled in by the mail."""

    subject: str
    text: str


MESSAGES: Mapping[str, Message] = {
    "friendly": Message(
        subject="Your statement from {firm}",
        text="Here is your current statement. If your payment is already on its way, thank you, "
        "and there is nothing more to do.",
    ),
    "reminder": Message(
        subject="A reminder from {firm}",
        text="Some of your invoices are past due. Please review them and pay at your convenience, "
        "or reply to tell us if anything is not as you expect it.",
    ),
    "firm": Message(
        subject="Past due invoices at {firm}",
        text="Your account is now well past due. Please pay the balance below, or call us so "
        "that we can agree on a plan.",
    ),
    "final": Message(
        subject="Your account at {firm} needs attention",
        text="We have not heard from you about the invoices below. Please pay the balance or "
        "get in touch this week. Your partner has a copy of this statement.",
    ),
}
"""The messages a firm starts with; it may change their words."""

TRIGGERS: Sequence[Trigger] = (
    Trigger(days=7, message="friendly"),
    Trigger(days=30, message="reminder"),
    Trigger(days=60, message="firm"),
    Trigger(days=91, message="final", partner=PartnerCopy.CC),
    Trigger(days=120, message="final", partner=PartnerCopy.CC),
)
"""The triggers a firm starts with: nothing is sent that nobody has looked at."""


@dataclass(frozen=True, kw_only=True)
class CollectionRules:
    """One version of a firm's rules."""

    is_on: bool = True
    """Whether statements are staged at all."""
    triggers: tuple[Trigger, ...] = tuple(TRIGGERS)
    throttle_days: int = 7
    """A client gets no second statement within so many days."""
    partner_after_days: int = 90
    """A trigger's copy to the partner is made when something is overdue for longer than this."""
    least_cents: int = 100
    """Nobody is written to for less than this."""
    grace_days: int = 2
    """So many days after its date a promise is not yet broken."""
    send_at: time = time(11, 30)
    """When the day's run happens, in the firm's time zone."""
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4)
    """Days of the week with a run; 0 is Monday."""
    federal_holidays: bool = True
    holidays: tuple[date, ...] = ()
    """The firm's own days without a run."""
    messages: Mapping[str, Message] = field(default_factory=lambda: dict(MESSAGES))
    attach_invoices: bool = False
    """Whether the PDFs of the invoices it lists go with a statement, where they have come in."""

    def message_of(self, trigger: Trigger) -> Message:
        """The words a trigger's statement carries."""
        return self.messages[trigger.message]

    def written(self) -> dict[str, object]:
        """The rules as plain values, for the store."""
        return {
            "is_on": self.is_on,
            "triggers": [
                {
                    "days": one.days,
                    "basis": one.basis.value,
                    "message": one.message,
                    "mode": one.mode.value,
                    "partner": one.partner.value,
                }
                for one in self.triggers
            ],
            "throttle_days": self.throttle_days,
            "partner_after_days": self.partner_after_days,
            "least_cents": self.least_cents,
            "grace_days": self.grace_days,
            "send_at": self.send_at.isoformat("minutes"),
            "weekdays": list(self.weekdays),
            "federal_holidays": self.federal_holidays,
            "holidays": [day.isoformat() for day in self.holidays],
            "messages": {
                key: {"subject": one.subject, "text": one.text}
                for key, one in self.messages.items()
            },
            "attach_invoices": self.attach_invoices,
        }


def check_rules(rules: CollectionRules) -> CollectionRules:
    """Refuse rules that cannot work.

    Raises: Invalid with what to change.
    """
    keys = [one.key for one in rules.triggers]
    if len(keys) > MOST_TRIGGERS:
        raise Invalid(f"{MOST_TRIGGERS} triggers are the most.")
    if twice := sorted({key for key in keys if keys.count(key) > 1}):
        raise Invalid(f"The trigger {twice[0]} is there twice. Remove one, or change its days.")
    for one in rules.triggers:
        _between("A trigger's days", one.days, 0, MOST_DAYS)
        if one.message not in rules.messages:
            raise Invalid(f"The trigger {one.label} has no message. Choose one.")
    _between("The days between two statements", rules.throttle_days, 1, MOST_THROTTLE_DAYS)
    _between("The age from which the partner is copied", rules.partner_after_days, 0, MOST_DAYS)
    _between("The grace days of a promise", rules.grace_days, 0, MOST_GRACE_DAYS)
    if rules.least_cents < 0:
        raise Invalid("The least balance to write for cannot be negative.")
    if not rules.weekdays or not set(rules.weekdays) <= set(range(7)):
        raise Invalid("Choose at least one weekday on which statements go out.")
    for message in rules.messages.values():
        _check_message(message)
    return rules


def read_rules(written: Mapping[str, object]) -> CollectionRules:
    """Rules as the store keeps them.

    Raises: Invalid.
    """
    try:
        return check_rules(
            CollectionRules(
                is_on=bool(written["is_on"]),
                triggers=tuple(_trigger(one) for one in written["triggers"]),  # type: ignore[attr-defined]
                throttle_days=int(written["throttle_days"]),  # type: ignore[call-overload]
                partner_after_days=int(written["partner_after_days"]),  # type: ignore[call-overload]
                least_cents=int(written["least_cents"]),  # type: ignore[call-overload]
                grace_days=int(written["grace_days"]),  # type: ignore[call-overload]
                send_at=time.fromisoformat(str(written["send_at"])),
                weekdays=tuple(written["weekdays"]),  # type: ignore[arg-type]
                federal_holidays=bool(written["federal_holidays"]),
                holidays=tuple(date.fromisoformat(day) for day in written["holidays"]),  # type: ignore[attr-defined]
                messages={
                    key: Message(subject=one["subject"], text=one["text"])
                    for key, one in written["messages"].items()  # type: ignore[attr-defined]
                },
                attach_invoices=bool(written.get("attach_invoices", False)),
            )
        )
    except (KeyError, TypeError, ValueError) as problem:
        raise Invalid(f"These rules of collections can't be read: {problem}.") from None


def _trigger(written: Mapping[str, object]) -> Trigger:
    return Trigger(
        days=int(written["days"]),  # type: ignore[call-overload]
        basis=Basis(written["basis"]),
        message=str(written["message"]),
        mode=Mode(written["mode"]),
        partner=PartnerCopy(written["partner"]),
    )


def _between(what: str, value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        raise Invalid(f"{what} must be between {least} and {most}.")


def _check_message(message: Message) -> None:
    subject = message.subject
    if not subject.strip() or len(subject) > LONGEST_SUBJECT or not subject.isprintable():
        raise Invalid(f"A message needs a subject of one line, at most {LONGEST_SUBJECT} long.")
    if not message.text.strip() or len(message.text) > LONGEST_TEXT:
        raise Invalid(f"A message needs a text of at most {LONGEST_TEXT} characters.")
