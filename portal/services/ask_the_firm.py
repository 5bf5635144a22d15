"""A payer asks a question, disputes, promises a day, asks for installments or for a credit."""

import uuid
from dataclasses import dataclass
from datetime import date, timedelta

from portal.domain.errors import Denied, Invalid, NotFound
from portal.domain.free_text import FreeText, without_card_numbers
from portal.domain.mail_addresses import checked_address
from portal.domain.payers import AskKind, Payer
from portal.services.payer_ports import PayerMessage
from portal.services.ports import Clock, Store, UnitOfWork

LONGEST_TEXT = 2_000
MOST_OPEN = 20
"""Of one client: beyond that somebody is knocking, not asking."""
LONGEST_PROMISE = timedelta(days=60)
_NEEDS_WORDS = (AskKind.QUESTION, AskKind.DISPUTE)


@dataclass(frozen=True, kw_only=True)
class AskLimits:
    """What the firm lets payers ask for."""

    today: date
    most_installments: int = 6
    with_installments: bool = True
    with_credits: bool = True


@dataclass(frozen=True, kw_only=True)
class AskTheFirm:
    """The request. `request_id` was made when the form was drawn: sent twice, it is kept once.

    `cents` is what a promise or a credit is about, `parts` the number of installments.
    """

    payer: Payer
    request_id: str
    kind: AskKind
    client_id: str
    invoice_id: str | None = None
    text: FreeText = ""
    promised_date: date | None = None
    cents: int | None = None
    parts: int | None = None
    reply_to: str = ""


@without_card_numbers
def ask_the_firm(
    command: AskTheFirm, *, store: Store, clock: Clock, limits: AskLimits
) -> PayerMessage:
    """Keep what was asked; staff see it in the worklist. Audited.

    Raises: NotFound for a client or invoice of somebody else; Denied for what the firm has
    switched off; Invalid for a text, day or number that can't be.
    """
    command.payer.reach(command.client_id)
    text = command.text.strip()
    _check(command, text, limits)
    reply_to = command.reply_to.strip() or command.payer.email
    email = checked_address(reply_to) if reply_to else ""
    with store.unit_of_work() as uow:
        earlier = uow.payer_messages.of_request(command.request_id)
        if earlier is not None:
            return earlier
        message = PayerMessage(
            message_id=uuid.uuid4().hex,
            request_id=command.request_id,
            kind=command.kind,
            client_id=command.client_id,
            invoice_id=command.invoice_id,
            invoice_number=_number(uow, command),
            text=text,
            promised_date=command.promised_date,
            cents=command.cents,
            parts=command.parts,
            asked_by=command.payer.actor,
            asked_name=command.payer.full_name,
            asked_email=email,
            created_at=clock(),
        )
        _keep(uow, message)
        uow.commit()
    return message


def _keep(uow: UnitOfWork, message: PayerMessage) -> None:
    open_ones = [m for m in uow.payer_messages.of_client(message.client_id) if m.state == "open"]
    if len(open_ones) >= MOST_OPEN:
        raise Invalid("Your firm has many messages of yours to answer. Please call instead.")
    uow.payer_messages.add(message)
    uow.audit.append(
        at=message.created_at,
        actor=message.asked_by,
        action=f"payer.asked_{message.kind.value}",
        subject=message.client_id,
        detail={"message": message.message_id, "invoice": message.invoice_number},
    )


def _number(uow: UnitOfWork, command: AskTheFirm) -> str:
    if command.invoice_id is None:
        return ""
    for balance in uow.balances.of_invoices([command.invoice_id]):
        if balance.client_id == command.client_id:
            return balance.invoice_number
    raise NotFound("There is no such open invoice.")


def _check(command: AskTheFirm, text: str, limits: AskLimits) -> None:
    if len(text) > LONGEST_TEXT:
        raise Invalid(f"{LONGEST_TEXT:,} characters are the most for a message.")
    if command.kind in _NEEDS_WORDS and not text:
        raise Invalid("Write a few words, so that we know what it is about.")
    if command.kind is AskKind.PROMISE:
        _check_promise(command, limits.today)
    if command.kind is AskKind.INSTALLMENTS:
        _check_installments(command, limits)
    if command.kind is AskKind.CREDIT and not limits.with_credits:
        raise Denied("Your firm sets credits against invoices itself. Please ask a question.")


def _check_promise(command: AskTheFirm, today: date) -> None:
    day = command.promised_date
    if day is None or not today <= day <= today + LONGEST_PROMISE:
        raise Invalid(f"Choose a day within the next {LONGEST_PROMISE.days} days.")
    if command.cents is not None and command.cents <= 0:
        raise Invalid("The amount must be more than 0.00.")


def _check_installments(command: AskTheFirm, limits: AskLimits) -> None:
    if not limits.with_installments:
        raise Denied("Your firm does not offer installments here. Please ask a question.")
    if command.parts is None or not 2 <= command.parts <= limits.most_installments:
        raise Invalid(f"Choose 2 to {limits.most_installments} installments.")
