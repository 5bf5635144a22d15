"""Somebody of the firm answers what a payer asked: by mail, kept beside the question."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from portal.domain.errors import Invalid
from portal.domain.free_text import FreeText, without_card_numbers
from portal.domain.mail_addresses import Recipient
from portal.domain.payers import AskKind
from portal.domain.permissions import Principal
from portal.domain.written import written_day
from portal.services.collection_access import LONGEST_TEXT, checked_text
from portal.services.mail_ports import Letter, LetterKind
from portal.services.money_ports import ClientDirectory
from portal.services.payer_message_access import reach_message
from portal.services.payer_ports import PayerMessage
from portal.services.ports import Clock, Store


@dataclass(frozen=True, kw_only=True)
class AnswerPayerMessage:
    """The request."""

    actor: Principal
    message_id: str
    text: FreeText


@without_card_numbers
def answer_payer_message(
    command: AnswerPayerMessage,
    *,
    store: Store,
    clock: Clock,
    directory: ClientDirectory,
    today: Callable[[datetime], date],
) -> str:
    """Mail the answer to whoever asked and take the message off the open ones. Audited.

    Returns: the letter's id; the same one when the same answer is given again.
    Raises: Denied; NotFound for a message about a client out of scope; Invalid for an empty
    text, a message that left no address, or one that was answered in other words.
    """
    actor, text = command.actor, checked_text(command.text, "an answer", LONGEST_TEXT)
    now = clock()
    with store.unit_of_work() as uow:
        message, client = reach_message(uow, command.message_id, actor, directory)
        if not message.asked_email:
            raise Invalid("No address was left to answer to. Call, then mark it as handled.")
        key = f"answer:{message.message_id}"
        earlier = uow.outbox.find_by_key(key)
        if earlier is not None and message.answer == text:
            return earlier.letter_id
        if not uow.payer_messages.answer(
            message.message_id, text, actor.user_key, actor.full_name, now
        ):
            raise Invalid("It has been answered already; the answer stands beside it.")
        letter = Letter(
            kind=LetterKind.ANSWER,
            dedupe_key=key,
            recipients=(Recipient(address=message.asked_email, name=message.asked_name),),
            client_id=message.client_id,
            facts={
                "client_name": client.client_name,
                "invoice_number": message.invoice_number,
                "asked": _asked(message),
                "asked_on": today(message.created_at).isoformat(),
                "message": text,
                "responsible_name": actor.full_name,
                "responsible_email": actor.email,
            },
            # No button: a guest types an address, and gets no lasting link to the client by that.
            pay_scope=None,
            reply_to=actor.email or None,
            created_by=actor.user_key,
        )
        letter_id = uow.outbox.add(letter, at=now)
        uow.audit.append(
            at=now,
            actor=actor.user_key,
            action="payer_message.answered",
            subject=message.client_id,
            detail={"message": message.message_id, "letter": letter_id},
        )
        uow.commit()
    return letter_id


def _asked(message: PayerMessage) -> str:
    """What was asked, for the mail; who filled in a form may have written nothing."""
    if message.text:
        return message.text
    match message.kind:
        case AskKind.INSTALLMENTS:
            return f"May we pay in {message.parts} installments?"
        case AskKind.PROMISE if message.promised_date:
            return f"We will pay by {written_day(message.promised_date)}."
        case AskKind.CREDIT:
            return "Please use our credit."
    return ""
