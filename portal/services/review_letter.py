"""Let a mail that waits for review go, or drop it."""

from dataclasses import dataclass

from portal.domain.errors import Invalid
from portal.domain.permissions import Principal
from portal.services.letter_access import reach_letter
from portal.services.money_ports import ClientDirectory
from portal.services.ports import Clock, Store


@dataclass(frozen=True, kw_only=True)
class ReviewLetter:
    """The request: send it, or don't."""

    actor: Principal
    letter_id: str
    is_to_go: bool


def review_letter(
    command: ReviewLetter, *, store: Store, clock: Clock, directory: ClientDirectory
) -> None:
    """Decide about a held mail, audited.

    Raises: Denied; NotFound; Invalid for one that waits for nobody any more.
    """
    now = clock()
    with store.unit_of_work() as uow:
        stored = reach_letter(uow, command.letter_id, command.actor, directory)
        decide = uow.outbox.release if command.is_to_go else uow.outbox.drop
        if not decide(stored.letter_id, at=now):
            raise Invalid("Somebody has decided about this mail already.")
        uow.audit.append(
            at=now,
            actor=command.actor.user_key,
            action="mail.released" if command.is_to_go else "mail.dropped",
            subject=stored.letter_id,
            detail={"client": stored.letter.client_id or ""},
        )
        uow.commit()
