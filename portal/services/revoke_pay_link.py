"""Make a 1-click link worthless, and end the visits it has opened."""

from dataclasses import dataclass

from portal.domain.errors import NotFound
from portal.domain.permissions import Permission, Principal
from portal.services.mint_pay_link import is_in_scope
from portal.services.payer_ports import PayerDirectory
from portal.services.ports import Clock, Store


@dataclass(frozen=True, kw_only=True)
class RevokePayLink:
    """The request."""

    actor: Principal
    link_id: str


def revoke_pay_link(
    command: RevokePayLink, *, store: Store, clock: Clock, directory: PayerDirectory
) -> None:
    """Revoke a link, audited. Revoking it again changes nothing.

    Raises: Denied; NotFound for a link that does not exist or leads to a client out of scope.
    """
    command.actor.require(Permission.OPEN_CLIENT_PORTAL)
    now = clock()
    with store.unit_of_work() as uow:
        link = uow.pay_links.find(command.link_id)
        if link is None or not is_in_scope(command.actor, link.client_id, directory):
            raise NotFound("There is no such link.")
        if uow.pay_links.revoke(link.link_id, command.actor.user_key, now):
            uow.payer_sessions.revoke_link(link.link_id, now)
            uow.audit.append(
                at=now,
                actor=command.actor.user_key,
                action="pay_link.revoked",
                subject=link.client_id,
                detail={"link": link.link_id},
            )
        uow.commit()
