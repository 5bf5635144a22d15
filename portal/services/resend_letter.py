"""Send a mail again, as it was: after a bounce, a failure, or because it did not arrive."""

from dataclasses import dataclass, replace

from portal.domain.errors import Invalid
from portal.domain.mail_addresses import Recipient, checked_recipients
from portal.domain.permissions import Principal
from portal.services.letter_access import SECRET_KINDS, reach_letter
from portal.services.mail_ports import WAITING, LetterState
from portal.services.money_ports import ClientDirectory
from portal.services.ports import Clock, Store


@dataclass(frozen=True, kw_only=True)
class ResendLetter:
    """The request. Without `recipients` it goes to whom it went; new ones must be confirmed."""

    actor: Principal
    request_id: str
    letter_id: str
    recipients: tuple[Recipient, ...] | None = None
    is_confirmed: bool = False


def resend_letter(
    command: ResendLetter, *, store: Store, clock: Clock, directory: ClientDirectory
) -> str:
    """Put a copy of the letter into the outbox, audited. Returns: the new letter's id.

    Raises: Denied; NotFound; Invalid while it still waits, for a link that is its reader's
    alone, for bad addresses, or new ones nobody confirmed.
    """
    now = clock()
    key = f"again:{command.letter_id}:{command.request_id}"
    with store.unit_of_work() as uow:
        stored = reach_letter(uow, command.letter_id, command.actor, directory)
        if earlier := uow.outbox.find_by_key(key):
            return earlier.letter_id
        if stored.letter.kind in SECRET_KINDS:
            raise Invalid("Its link is for its reader alone; they can ask for a new one.")
        if stored.state in WAITING or stored.state is LetterState.REVIEW:
            raise Invalid("This mail has not been sent yet; it needs no second one.")
        known = stored.letter.recipients
        people = checked_recipients(known if command.recipients is None else command.recipients)
        addresses = {one.address.casefold() for one in known}
        new = [one.address for one in people if one.address.casefold() not in addresses]
        if new and not command.is_confirmed:
            raise Invalid(f"It did not go to {', '.join(new)} before. Confirm the address.")
        again = replace(
            stored.letter,
            dedupe_key=key,
            recipients=people,
            created_by=command.actor.user_key,
            needs_review=False,
            resend_of=command.letter_id,
        )
        letter_id = uow.outbox.add(again, at=now)
        uow.audit.append(
            at=now,
            actor=command.actor.user_key,
            action="mail.resent",
            subject=command.letter_id,
            detail={
                "letter": letter_id,
                "to": [one.address for one in people],
                "new_addresses": new,
            },
        )
        uow.commit()
    return letter_id
