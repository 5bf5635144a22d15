"""Take a single permission back."""

from dataclasses import dataclass

from portal.domain.errors import NotFound
from portal.domain.permissions import Permission, Principal
from portal.services.ports import Clock, Store


@dataclass(frozen=True, kw_only=True)
class RevokePermission:
    """The request."""

    actor: Principal
    user_key: str
    permission: Permission


def revoke_permission(command: RevokePermission, *, store: Store, clock: Clock) -> None:
    """Take it back; it is gone at the person's next click. What their groups give stays.

    Raises: Denied; NotFound when it was not given.
    """
    command.actor.require(Permission.MANAGE_PERMISSIONS)
    with store.unit_of_work() as uow:
        if not uow.grants.remove(command.user_key, command.permission.value):
            raise NotFound("This permission is not given any more.")
        uow.audit.append(
            at=clock(),
            actor=command.actor.user_key,
            action="permission.revoked",
            subject=command.user_key,
            detail={"permission": command.permission.value},
        )
        uow.commit()
