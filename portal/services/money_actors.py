"""On whose behalf money moves, and what they may reach: checked at every command."""

from dataclasses import dataclass

from portal.domain.errors import NotFound
from portal.domain.payers import Payer
from portal.domain.permissions import Permission, Principal
from portal.services.money_ports import ClientCard, ClientDirectory


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
    if card is None or (isinstance(actor, Principal) and not _is_theirs(actor, card)):
        raise NotFound("There is no such client.")
    return card


def _is_theirs(actor: Principal, card: ClientCard) -> bool:
    scope = actor.scope
    if scope.all_clients:
        return True
    return scope.staff_id is not None and scope.staff_id in (card.partner_id, card.manager_id)
