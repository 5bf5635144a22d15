"""On whose behalf money moves, and what they may reach: checked at every command."""

from dataclasses import dataclass

from portal.domain.errors import NotFound
from portal.domain.payers import Payer
from portal.domain.permissions import Permission, Principal
from portal.services.money_ports import ClientCard, ClientDirectory, PaymentMethod

NO_SUCH_METHOD = "There is no such payment method. Choose another one."


@dataclass(frozen=True)
class ByItself:
    """Something that acts without a person at the moment: a plan's run, a quick payment link.

    `key` is how the audit log names it: `job:autopay`, `quick_link:<id>`. Only the program
    makes one; nothing a browser sends becomes one.
    """

    key: str


Actor = Principal | Payer | ByItself


def actor_key(actor: Actor) -> str:
    """Who it is, as the audit log says it."""
    match actor:
        case Principal():
            return actor.user_key
        case Payer():
            return actor.actor
        case ByItself():
            return actor.key


def reach_client(
    actor: Actor, permission: Permission, client_id: str, directory: ClientDirectory
) -> ClientCard:
    """The client, if this actor may do that for them.

    Raises: Denied without the permission; NotFound for a client that does not exist and, in
    the same words, for one outside the actor's rows.
    """
    match actor:
        case Principal():
            actor.require(permission)
        case Payer():
            actor.require_paying()
            actor.reach(client_id)
        case ByItself():
            pass
    card = directory.client(client_id)
    if card is None:
        raise NotFound("There is no such client.")
    if isinstance(actor, Principal) and not actor.sees(card.partner_id, card.manager_id):
        raise NotFound("There is no such client.")
    return card


def may_use(actor: Actor, method: PaymentMethod) -> bool:
    """Whether a saved method of a client in reach may be used by this actor.

    A payer uses what they have saved themselves, and what the firm has saved for the client;
    what another payer of the client has saved is that payer's. A guest keeps nothing.
    """
    if not isinstance(actor, Payer) or actor.staff_key:
        return True
    return actor.keeps_things and method.portal_user_id in (None, actor.portal_user_id)


def reach_method(actor: Actor, method: PaymentMethod | None) -> PaymentMethod:
    """The saved method, if this actor may use it.

    Raises: NotFound, in the same words for one that does not exist and another payer's.
    """
    if method is None or not may_use(actor, method):
        raise NotFound(NO_SUCH_METHOD)
    return method
