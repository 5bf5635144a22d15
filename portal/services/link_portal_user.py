"""The firm links a portal user to a client, or takes a client from them."""

from dataclasses import dataclass

from portal.domain.errors import NotFound
from portal.domain.permissions import Permission, Principal
from portal.services.mint_pay_link import is_in_scope
from portal.services.payer_ports import PayerDirectory, UserClient
from portal.services.ports import Clock, Store


@dataclass(frozen=True, kw_only=True)
class LinkPortalUser:
    """The request."""

    actor: Principal
    portal_user_id: str
    client_id: str


def link_portal_user(
    command: LinkPortalUser, *, store: Store, clock: Clock, directory: PayerDirectory
) -> bool:
    """Let a portal user see a client, audited.

    Returns: False when they did already. Raises: Denied; NotFound.
    """
    command.actor.require(Permission.LINK_PORTAL_USERS)
    if not is_in_scope(command.actor, command.client_id, directory):
        raise NotFound("There is no such client.")
    with store.unit_of_work() as uow:
        if uow.portal_users.find(command.portal_user_id) is None:
            raise NotFound("There is no such portal user.")
        now = clock()
        is_new = uow.portal_users.link(
            UserClient(
                portal_user_id=command.portal_user_id,
                client_id=command.client_id,
                linked_by=command.actor.user_key,
                linked_at=now,
            )
        )
        if is_new:
            uow.audit.append(
                at=now,
                actor=command.actor.user_key,
                action="portal_user.linked",
                subject=command.client_id,
                detail={"portal_user": command.portal_user_id},
            )
        uow.commit()
    return is_new
