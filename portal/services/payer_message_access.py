"""Which messages of payers may somebody of the firm see to?"""

from portal.domain.clients import ClientCard
from portal.domain.errors import NotFound
from portal.domain.permissions import Permission, Principal
from portal.services.collection_access import is_in_scope
from portal.services.money_ports import ClientDirectory
from portal.services.payer_ports import PayerMessage
from portal.services.ports import UnitOfWork


def reach_message(
    uow: UnitOfWork, message_id: str, actor: Principal, directory: ClientDirectory
) -> tuple[PayerMessage, ClientCard]:
    """The message and its client, if this person may act on it.

    Raises: Denied; NotFound for one that does not exist or is about somebody else's client.
    """
    actor.require(Permission.VIEW_COLLECTIONS)
    message = uow.payer_messages.find(message_id)
    card = directory.client(message.client_id) if message else None
    if message is None or card is None or not is_in_scope(actor, card.partner_id, card.manager_id):
        raise NotFound("There is no such message.")
    return message, card
