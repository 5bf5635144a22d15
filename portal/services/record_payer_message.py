"""Take a payer at their word: their dispute or promise counts from now on, in their words."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from portal.domain.clients import ClientCard
from portal.domain.errors import Invalid
from portal.domain.payers import AskKind
from portal.domain.permissions import Principal
from portal.services.collection_access import LONGEST_REASON, checked_day
from portal.services.dispute_invoice import open_dispute
from portal.services.money_ports import ClientDirectory
from portal.services.payer_message_access import reach_message
from portal.services.payer_ports import PayerMessage
from portal.services.ports import Clock, Store, UnitOfWork
from portal.services.record_promise import (
    PromiseMaker,
    RecordPromise,
    known_payments,
    new_promise,
)
from portal.services.statement_ports import Receivables

SOURCE = "payer"


@dataclass(frozen=True, kw_only=True)
class RecordPayerMessage:
    """The request."""

    actor: Principal
    message_id: str


def record_payer_message(
    command: RecordPayerMessage,
    *,
    store: Store,
    clock: Clock,
    directory: ClientDirectory,
    receivables: Receivables,
    today: Callable[[datetime], date],
) -> None:
    """Record what was asked and take it off the open messages, in one step. Audited.

    A promise without an amount is for all that is open of its invoice.
    Raises: Denied; NotFound for a message about a client out of scope; Invalid for one that
    was seen to already, or that is neither a dispute nor a promise about an invoice.
    """
    now = clock()
    with store.unit_of_work() as uow:
        message, card = reach_message(uow, command.message_id, command.actor, directory)
        handled = uow.payer_messages.handle(
            message.message_id, command.actor.user_key, command.actor.full_name, now
        )
        if not handled:
            raise Invalid("Somebody has seen to this message already.")
        match message.kind:
            case AskKind.DISPUTE if message.invoice_id:
                _dispute(uow, message, command.actor, now)
            case AskKind.PROMISE if message.invoice_id and message.promised_date:
                _promise(uow, message, card, command.actor, receivables, now, today(now))
            case _:
                raise Invalid("Only a dispute of an invoice or a promise to pay can be recorded.")
        uow.audit.append(
            at=now,
            actor=command.actor.user_key,
            action="payer_message.recorded",
            subject=message.client_id,
            detail={"message": message.message_id, "kind": message.kind.value},
        )
        uow.commit()


def _dispute(uow: UnitOfWork, message: PayerMessage, actor: Principal, now: datetime) -> None:
    open_dispute(
        uow,
        client_id=message.client_id,
        invoice_id=message.invoice_id or "",
        invoice_number=message.invoice_number,
        reason=_shortened(message.text),
        until=None,
        source=SOURCE,
        actor=actor,
        now=now,
    )


def _promise(
    uow: UnitOfWork,
    message: PayerMessage,
    card: ClientCard,
    actor: Principal,
    receivables: Receivables,
    now: datetime,
    day: date,
) -> None:
    balance = next(iter(uow.balances.of_invoices([message.invoice_id or ""])), None)
    if balance is None:
        raise Invalid("The invoice is paid. Mark the message as handled.")
    promise = RecordPromise(
        actor=actor,
        client_id=card.client_id,
        amount_cents=message.cents or balance.open_cents,
        promised_on=checked_day(message.promised_date or day, day, "The promised day"),
        currency=balance.currency,
        invoice_id=message.invoice_id,
        invoice_number=message.invoice_number,
        note=_shortened(message.text),
    )
    known = known_payments(receivables, card.client_id, balance.currency, message.invoice_id, day)
    maker = PromiseMaker(key=actor.user_key, name=actor.full_name, source=SOURCE)
    new_promise(uow, promise, maker, known, now, day)


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_REASON else f"{text[: LONGEST_REASON - 1]}…"
