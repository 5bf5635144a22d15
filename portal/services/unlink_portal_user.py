"""Take a client from a portal user: they see it no more at their next click."""

from dataclasses import dataclass

from portal.domain.errors import NotFound
from portal.domain.permissions import Permission, Principal
from portal.services.mint_pay_link import is_in_scope
from portal.services.payer_ports import PayerDirectory
from portal.services.ports import Clock, Store


@dataclass(frozen=True, kw_only=True)
class UnlinkPortalUser:
    """The request."""

    actor: Principal
    portal_user_id: str
    client_id: str


def unlink_portal_user(
    command: UnlinkPortalUser, *, store: Store, clock: Clock, directory: PayerDirectory
) -> bool:
    """De-link, audited. Saved methods and plans stay with the client.

    Returns: False when they were not linked. Raises: Denied; NotFound.
    """
    command.actor.require(Permission.LINK_PORTAL_USERS)
    if not is_in_scope(command.actor, command.client_id, directory):
        raise NotFound("There is no such client.")
    with store.unit_of_work() as uow:
        was_linked = uow.portal_users.unlink(command.portal_user_id, command.client_id)
        if was_linked:
            uow.audit.append(
                at=clock(),
                actor=command.actor.user_key,
                action="portal_user.unlinked",
                subject=command.client_id,
                detail={"portal_user": command.portal_user_id},
            )
        uow.commit()
    return was_linked
