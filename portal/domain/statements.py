"""Who gets a statement today, because of what, copied to whom, and who does not get one and why.

One function decides. The day's run, the preview, the review queue and the simulator all ask it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from portal.domain.collection_rules import CollectionRules, PartnerCopy, Trigger
from portal.domain.money import format_cents
from portal.domain.statement_days import Window, reached_on
from portal.domain.suppression import Suppressed


@dataclass(frozen=True, kw_only=True)
class Addressee:
    """Somebody a statement is written to."""

    email: str
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class Hold:
    """Somebody said not to write to a client: why, and until when (None: for good)."""

    reason: str
    until: date | None = None

    def holds(self, day: date) -> bool:
        """Whether it still holds on a day; its last day is included."""
        return self.until is None or day <= self.until


@dataclass(frozen=True, kw_only=True)
class OpenInvoice:
    """One open invoice of a client, with what keeps it from being chased."""

    invoice_id: str
    invoice_number: str
    invoice_date: date | None
    due_date: date | None
    currency: str
    open_cents: int
    pending_cents: int = 0
    """Paid through the portal, not yet seen in the practice management system."""
    dispute: Hold | None = None
    """Why it is contested, and until when."""
    autopay_on: date | None = None
    """When a plan will pay it by itself."""

    @property
    def owed_cents(self) -> int:
        """What is open and not yet on its way."""
        return max(self.open_cents - self.pending_cents, 0)

    def days_overdue(self, day: date) -> int:
        """Days past its due date; 0 without one or before it."""
        return 0 if self.due_date is None else max((day - self.due_date).days, 0)


@dataclass(frozen=True, kw_only=True)
class RunningPromise:
    """A promise neither kept nor broken. Without an invoice it is for the whole account."""

    promised_on: date
    grace_days: int
    amount_cents: int
    currency: str
    invoice_id: str | None = None

    def holds(self, day: date) -> bool:
        """Whether one still waits for it on a day."""
        return day <= self.promised_on + timedelta(days=self.grace_days)


@dataclass(frozen=True, kw_only=True)
class Account:
    """Everything about one client that the decision rests on."""

    client_id: str
    client_number: str = ""
    client_name: str = ""
    partner_id: str | None = None
    manager_id: str | None = None
    partner: Addressee | None = None
    responsible: Addressee | None = None
    """Whom the client sees as its person at the firm, and answers to."""
    recipients: tuple[Addressee, ...] = ()
    """The contacts the firm marked as receiving statements; never anybody else."""
    invoices: tuple[OpenInvoice, ...] = ()
    credit_cents: Mapping[str, int] = field(default_factory=dict)
    """Money received and not applied, by currency."""
    exclusion: Hold | None = None
    pause: Hold | None = None
    promises: tuple[RunningPromise, ...] = ()
    last_statement_on: date | None = None
    """The day of the last statement that was sent."""
    is_waiting: bool = False
    """Whether a statement of an earlier day still waits for review."""


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What a day's run does about one client. `suppressed` is None if a statement goes out."""

    account: Account
    trigger: Trigger
    invoice: OpenInvoice
    """The invoice whose age called for it."""
    currency: str
    open_cents: int
    """All that is open in that currency, whatever its state: what the statement shows."""
    oldest_days: int
    suppressed: Suppressed | None = None
    detail: str = ""
    to: tuple[Addressee, ...] = ()
    cc: tuple[Addressee, ...] = ()
    bcc: tuple[Addressee, ...] = ()

    @property
    def is_sent(self) -> bool:
        """Whether a statement goes out or is staged."""
        return self.suppressed is None


def decide(account: Account, window: Window, rules: CollectionRules) -> Decision | None:
    """Decide about one client on one run day.

    Returns: None where no invoice reached a trigger's age; else a statement, or why there is none.
    """
    hits = _hits(account.invoices, window, rules)
    if not hits:
        return None
    found = [
        (trigger, invoice, _unchased(account, invoice, window.day)) for trigger, invoice in hits
    ]
    chased = [one for one in found if one[2] is None]
    trigger, invoice, reason = (chased or found)[0]
    return reconsider(account, trigger, invoice, window.day, rules, because=reason)


def reconsider(
    account: Account,
    trigger: Trigger,
    invoice: OpenInvoice,
    day: date,
    rules: CollectionRules,
    because: tuple[Suppressed, str] | None = None,
) -> Decision:
    """Decide about a client whose invoice reached an age: on the run, or before a staged one goes.

    `because` is what was found about that invoice, if it was looked at already.
    """
    currency = invoice.currency
    own = [one for one in account.invoices if one.currency == currency]
    oldest_days = max((one.days_overdue(day) for one in own if one.owed_cents), default=0)
    reason = (
        _client_held(account, day)
        or because
        or _unchased(account, invoice, day)
        or _nothing_to_chase(account, own, currency, day, rules)
        or _heard_lately(account, day, rules)
    )
    if reason is None and not account.recipients:
        reason = (Suppressed.NO_RECIPIENT, "No contact of this client receives statements.")
    copies = _copies(account, trigger, oldest_days, rules)
    return Decision(
        account=account,
        trigger=trigger,
        invoice=invoice,
        currency=currency,
        open_cents=sum(one.open_cents for one in own),
        oldest_days=oldest_days,
        suppressed=reason[0] if reason else None,
        detail=reason[1] if reason else "",
        to=account.recipients,
        cc=copies if trigger.partner is PartnerCopy.CC else (),
        bcc=copies if trigger.partner is PartnerCopy.BCC else (),
    )


def _hits(
    invoices: Iterable[OpenInvoice], window: Window, rules: CollectionRules
) -> list[tuple[Trigger, OpenInvoice]]:
    """Which triggers which invoices reached; the most severe first, then the largest."""
    hits = [
        (trigger, invoice)
        for trigger in rules.triggers
        for invoice in invoices
        if window.holds(reached_on(trigger, invoice.invoice_date, invoice.due_date))
    ]
    return sorted(hits, key=lambda hit: (-hit[0].days, -hit[1].owed_cents, hit[1].invoice_id))


def _client_held(account: Account, day: date) -> tuple[Suppressed, str] | None:
    for hold, reason, word in (
        (account.exclusion, Suppressed.EXCLUDED, "Excluded"),
        (account.pause, Suppressed.PAUSED, "Paused"),
    ):
        if hold is not None and hold.holds(day):
            until = f" until {said_day(hold.until)}" if hold.until else ""
            return reason, f"{word}{until}: {hold.reason}"
    return None


def _unchased(account: Account, invoice: OpenInvoice, day: date) -> tuple[Suppressed, str] | None:
    """Why an invoice is not chased; None if it is."""
    number = f"Invoice {invoice.invoice_number}"
    if not invoice.owed_cents:
        pending = format_cents(invoice.pending_cents, invoice.currency)
        return Suppressed.PENDING, f"{number}: a payment of {pending} is on its way."
    if invoice.dispute is not None and invoice.dispute.holds(day):
        return Suppressed.DISPUTED, f"{number} is disputed: {invoice.dispute.reason}"
    if invoice.autopay_on is not None and invoice.autopay_on >= day:
        return Suppressed.AUTOPAY, f"{number} is paid by itself on {said_day(invoice.autopay_on)}."
    for promise in account.promises:
        if promise.holds(day) and promise.invoice_id in (None, invoice.invoice_id):
            amount = format_cents(promise.amount_cents, promise.currency)
            return Suppressed.PROMISED, f"{amount} promised by {said_day(promise.promised_on)}."
    return None


def _nothing_to_chase(
    account: Account, own: Sequence[OpenInvoice], currency: str, day: date, rules: CollectionRules
) -> tuple[Suppressed, str] | None:
    credit = account.credit_cents.get(currency, 0)
    chased = sum(one.owed_cents for one in own if _unchased(account, one, day) is None)
    if credit and chased <= credit:
        return Suppressed.CREDITS, f"Credits of {format_cents(credit, currency)} cover what is due."
    if chased - credit < rules.least_cents:
        left = format_cents(chased - credit, currency)
        return Suppressed.TOO_SMALL, f"{left} is less than anybody is written to for."
    return None


def _heard_lately(
    account: Account, day: date, rules: CollectionRules
) -> tuple[Suppressed, str] | None:
    if account.is_waiting:
        return Suppressed.WAITING, "An earlier statement still waits for review."
    last = account.last_statement_on
    if last is not None and (day - last).days < rules.throttle_days:
        return (
            Suppressed.THROTTLED,
            f"The last statement went out on {said_day(last)}; "
            f"the next may after {rules.throttle_days} days.",
        )
    return None


def _copies(
    account: Account, trigger: Trigger, oldest_days: int, rules: CollectionRules
) -> tuple[Addressee, ...]:
    is_wanted = trigger.partner is not PartnerCopy.NONE and oldest_days > rules.partner_after_days
    if not is_wanted or account.partner is None or not account.partner.email:
        return ()
    known = {one.email.casefold() for one in account.recipients}
    return () if account.partner.email.casefold() in known else (account.partner,)


def said_day(day: date) -> str:
    """A day as a sentence says it: `Jun 30, 2026`."""
    return f"{day:%b} {day.day}, {day.year}"
