"""What an alert says: its headline, a few lines, and the page it leads to."""

from dataclasses import dataclass

from portal.domain.money import format_cents
from portal.domain.payers import AskKind
from portal.domain.staff_alerts import Alert, alert_of
from portal.services.alert_ports import LoggedDeed
from portal.services.money_ports import ClientDirectory, Payment
from portal.services.ports import UnitOfWork

_PAYMENT = {
    "payment.succeeded": "{amount} received from {client}",
    "payment.declined": "A payment of {amount} of {client} was declined",
    "payment.returned": "The bank returned a payment of {amount} of {client}",
    "payment.disputed": "A payment of {amount} of {client} is disputed",
    "dispute.lost": "A dispute over {amount} of {client} was lost",
}
_WON = "A dispute over {amount} of {client} was won"
_PLAN = {
    "plan.paused": "{plan} of {client} is paused",
    "plan.ended": "{plan} of {client} has ended",
    "plan.cancelled": "{plan} of {client} was cancelled",
}

_ASKED = {
    AskKind.QUESTION: "{client} has a question",
    AskKind.DISPUTE: "{client} disputes something",
    AskKind.PROMISE: "{client} promises to pay",
    AskKind.INSTALLMENTS: "{client} asks for installments",
    AskKind.CREDIT: "{client} asks to use a credit",
}
LONGEST_QUOTE = 300


@dataclass(frozen=True, kw_only=True)
class News:
    """Something that staff can be told of.

    `already` are addresses that have had a mail about the very same, and hear it once.
    """

    key: str
    alert: Alert
    headline: str
    lines: tuple[str, ...]
    path: str
    client_id: str | None = None
    actor: str = ""
    already: frozenset[str] = frozenset()


def news_of(deed: LoggedDeed, uow: UnitOfWork, directory: ClientDirectory) -> News | None:
    """What a line of the audit log tells; None where nobody is told of it."""
    alert = alert_of(deed.action, deed.detail.get("from"))
    if alert is None:
        return None
    if alert is Alert.EXCEPTION:
        return _of_exception(deed)
    if alert is Alert.BROKEN_PROMISE:
        return _of_promise(deed, directory)
    if alert is Alert.PAYER_ASKED:
        return _of_question(deed, uow, directory)
    if alert is Alert.PLAN_STOPPED:
        return _of_plan(deed, uow, directory)
    return _of_payment(deed, alert, uow, directory)


def news_of_bounce(
    number: int, letter_id: str, address: str, uow: UnitOfWork, directory: ClientDirectory
) -> News | None:
    """What a mail tells that did not arrive."""
    stored = uow.outbox.find(letter_id)
    if stored is None:
        return None
    client_id = stored.letter.client_id
    whom = address or ", ".join(one.address for one in stored.letter.recipients)
    return News(
        key=f"bounce:{number}",
        alert=Alert.BOUNCE,
        headline=f"A mail to {_name(client_id, directory)} did not arrive",
        lines=(f"To: {whom}", f"Subject: {stored.subject or 'none'}", stored.reason or ""),
        path="/email-delivery",
        client_id=client_id,
    )


def _of_payment(
    deed: LoggedDeed, alert: Alert, uow: UnitOfWork, directory: ClientDirectory
) -> News | None:
    is_refund = alert is Alert.REFUND
    payment_id = str(deed.detail.get("payment", "")) if is_refund else deed.subject
    payment = uow.payments.find(payment_id)
    if payment is None:
        return None
    cents = deed.detail.get("amount_cents") if is_refund else payment.amount_cents
    named = {
        "amount": format_cents(int(str(cents)), payment.currency),
        "client": _name(payment.client_id, directory, payment.payer_name),
    }
    return News(
        key=f"log:{deed.seq}",
        alert=alert,
        headline=_payment_words(deed, is_refund).format(**named),
        lines=_payment_lines(payment),
        path=f"/payment?id={payment_id}",
        client_id=payment.client_id,
        actor=deed.actor,
        already=_told_already(deed, payment, uow, directory),
    )


def _payment_words(deed: LoggedDeed, is_refund: bool) -> str:
    if is_refund:
        failed = deed.action == "refund.failed"
        return "A refund of {amount} to {client} " + ("failed" if failed else "went back")
    return _WON if deed.detail.get("from") == "disputed" else _PAYMENT[deed.action]


def _payment_lines(payment: Payment) -> tuple[str, ...]:
    reason = payment.return_code or (payment.decline_code or "").replace("_", " ")
    return (
        f"Payment: {payment.payment_id}",
        f"Method: {payment.brand or payment.kind} {payment.last4}".rstrip(),
        *([f"Reason: {reason}"] if reason else []),
    )


def _told_already(
    deed: LoggedDeed, payment: Payment, uow: UnitOfWork, directory: ClientDirectory
) -> frozenset[str]:
    """Who has had the receipt, the notice of the refund, or the news of a plan's failure."""
    keys = {
        "payment.succeeded": f"receipt:{payment.payment_id}",
        "payment.returned": f"failure:{payment.payment_id}:returned",
        "payment.declined": f"failure:{payment.payment_id}:declined",
        "refund.succeeded": f"refund:{deed.subject}",
    }
    letter = uow.outbox.find_by_key(keys[deed.action]) if deed.action in keys else None
    people = {one.address.casefold() for one in letter.letter.recipients} if letter else set()
    if payment.plan_id and deed.action in ("payment.declined", "payment.returned"):
        card = directory.client(payment.client_id) if payment.client_id else None
        people |= {card.responsible_email.casefold()} if card and card.responsible_email else set()
    return frozenset(people)


def _of_plan(deed: LoggedDeed, uow: UnitOfWork, directory: ClientDirectory) -> News | None:
    plan = uow.plans.find(deed.subject)
    if plan is None:
        return None
    named = {"plan": plan.name, "client": _name(plan.client_id, directory)}
    reason = str(deed.detail.get("reason") or "")
    return News(
        key=f"log:{deed.seq}",
        alert=Alert.PLAN_STOPPED,
        headline=_PLAN[deed.action].format(**named),
        lines=(reason,) if reason else (),
        path=f"/plans?id={plan.plan_id}",
        client_id=plan.client_id,
        actor=deed.actor,
    )


def _of_promise(deed: LoggedDeed, directory: ClientDirectory) -> News:
    return News(
        key=f"log:{deed.seq}",
        alert=Alert.BROKEN_PROMISE,
        headline=f"{_name(deed.subject, directory)} has not kept a promise to pay",
        lines=(),
        path=f"/client?id={deed.subject}",
        client_id=deed.subject,
        actor=deed.actor,
    )


def _of_question(deed: LoggedDeed, uow: UnitOfWork, directory: ClientDirectory) -> News | None:
    message = uow.payer_messages.find(str(deed.detail.get("message", "")))
    if message is None:
        return None
    text = " ".join(message.text.split())
    quote = text if len(text) <= LONGEST_QUOTE else f"{text[:LONGEST_QUOTE]}…"
    return News(
        key=f"log:{deed.seq}",
        alert=Alert.PAYER_ASKED,
        headline=_ASKED[message.kind].format(client=_name(deed.subject, directory)),
        lines=(f"Invoice: {message.invoice_number}" if message.invoice_number else "", quote),
        path=f"/client?id={deed.subject}&show=Notes",
        client_id=deed.subject,
        actor=deed.actor,
    )


def _of_exception(deed: LoggedDeed) -> News:
    kind = deed.action.removeprefix("exception.").replace("_", " ")
    return News(
        key=f"log:{deed.seq}",
        alert=Alert.EXCEPTION,
        headline=f"Something does not fit: {kind}",
        lines=(f"About: {deed.subject}",),
        path="/reconciliation",
        actor=deed.actor,
    )


def _name(client_id: str | None, directory: ClientDirectory, otherwise: str = "") -> str:
    card = directory.client(client_id) if client_id else None
    return card.client_name if card else otherwise or "somebody without a client"
