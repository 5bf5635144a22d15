"""Somebody of the firm has seen to what a payer asked."""

from dataclasses import dataclass

from portal.domain.errors import NotFound
from portal.domain.permissions import Permission, Principal
from portal.services.mint_pay_link import is_in_scope
from portal.services.payer_ports import PayerDirectory
from portal.services.ports import Clock, Store


@dataclass(frozen=True, kw_only=True)
class HandlePayerMessage:
    """The request."""

    actor: Principal
    message_id: str


def handle_payer_message(
    command: HandlePayerMessage, *, store: Store, clock: Clock, directory: PayerDirectory
) -> None:
    """Take a message off the list of open ones, audited. Doing it again changes nothing.

    Raises: Denied; NotFound for a message about a client out of scope.
    """
    command.actor.require(Permission.VIEW_COLLECTIONS)
    now = clock()
    with store.unit_of_work() as uow:
        message = uow.payer_messages.find(command.message_id)
        if message is None or not is_in_scope(command.actor, message.client_id, directory):
            raise NotFound("There is no such message.")
        if uow.payer_messages.handle(message.message_id, command.actor.user_key, now):
            uow.audit.append(
                at=now,
                actor=command.actor.user_key,
                action="payer_message.handled",
                subject=message.client_id,
                detail={"message": message.message_id},
            )
        uow.commit()
