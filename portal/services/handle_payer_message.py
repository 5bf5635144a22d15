"""Somebody of the firm has seen to what a payer asked."""

from dataclasses import dataclass

from portal.domain.permissions import Principal
from portal.services.money_ports import ClientDirectory
from portal.services.payer_message_access import reach_message
from portal.services.ports import Clock, Store


@dataclass(frozen=True, kw_only=True)
class HandlePayerMessage:
    """The request."""

    actor: Principal
    message_id: str


def handle_payer_message(
    command: HandlePayerMessage, *, store: Store, clock: Clock, directory: ClientDirectory
) -> None:
    """Take a message off the list of open ones, audited. Doing it again changes nothing.

    Raises: Denied; NotFound for a message about a client out of scope.
    """
    actor, now = command.actor, clock()
    with store.unit_of_work() as uow:
        message, _ = reach_message(uow, command.message_id, actor, directory)
        if uow.payer_messages.handle(message.message_id, actor.user_key, actor.full_name, now):
            uow.audit.append(
                at=now,
                actor=actor.user_key,
                action="payer_message.handled",
                subject=message.client_id,
                detail={"message": message.message_id},
            )
        uow.commit()
