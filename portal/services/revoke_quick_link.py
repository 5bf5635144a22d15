"""Make a quick payment link worthless."""

from dataclasses import dataclass

from portal.domain.errors import NotFound
from portal.domain.permissions import Permission, Principal
from portal.services.ports import Clock, Store


@dataclass(frozen=True, kw_only=True)
class RevokeQuickLink:
    """The request."""

    actor: Principal
    link_id: str


def revoke_quick_link(command: RevokeQuickLink, *, store: Store, clock: Clock) -> None:
    """Revoke, audited. Revoking again changes nothing; payments made by it stay.

    Raises: Denied; NotFound.
    """
    command.actor.require(Permission.QUICK_LINKS)
    now = clock()
    with store.unit_of_work() as uow:
        if uow.quick_links.find(command.link_id) is None:
            raise NotFound("There is no such link.")
        if uow.quick_links.revoke(command.link_id, command.actor.user_key, now):
            uow.audit.append(
                at=now,
                actor=command.actor.user_key,
                action="quick_link.revoked",
                subject=command.link_id,
            )
        uow.commit()
