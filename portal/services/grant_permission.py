"""Give one person one permission beyond their groups, for good or until an instant."""

from dataclasses import dataclass
from datetime import datetime

from portal.domain.errors import Denied, Invalid, NotFound
from portal.domain.permissions import Permission, Principal
from portal.services.ports import Clock, Grant, Store


@dataclass(frozen=True, kw_only=True)
class GrantPermission:
    """The request. `until` is the first instant without it; None is for good."""

    actor: Principal
    user_key: str
    permission: Permission
    until: datetime | None = None


def grant_permission(command: GrantPermission, *, store: Store, clock: Clock) -> Grant:
    """Give it, or change until when it is given. It counts from the person's next click on.

    Raises: Denied without the right to, and to oneself; NotFound for nobody, or somebody who is
    switched off; Invalid for a time that is over.
    """
    command.actor.require(Permission.MANAGE_PERMISSIONS)
    if command.user_key == command.actor.user_key:
        raise Denied("Nobody gives themselves a permission. Ask another administrator.")
    if command.until is not None and command.until <= clock():
        raise Invalid("That day is over. Choose a later one, or none for good.")
    grant = Grant(
        user_key=command.user_key,
        permission=command.permission.value,
        until=command.until,
        granted_by=command.actor.user_key,
    )
    with store.unit_of_work() as uow:
        user = uow.users.find(command.user_key)
        if user is None or not user.is_active:
            raise NotFound("There is no such person, or their access is switched off.")
        uow.grants.save(grant)
        uow.audit.append(
            at=clock(),
            actor=command.actor.user_key,
            action="permission.granted",
            subject=user.user_key,
            detail={
                "permission": grant.permission,
                "until": grant.until.isoformat() if grant.until else None,
            },
        )
        uow.commit()
    return grant
