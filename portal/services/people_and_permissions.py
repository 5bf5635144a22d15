"""Who may sign in, whose rows do they see, and what may they do beyond their groups?"""

from collections.abc import Mapping
from dataclasses import dataclass

from portal.domain.permissions import Group, Permission, Principal
from portal.services.ports import Clock, Grant, StaffDirectory, Store, User
from portal.services.principal_of_session import principal_of_user


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody with access: as the store keeps them, and as every request of theirs is judged."""

    user: User
    principal: Principal
    grants: tuple[Grant, ...]


def people_and_permissions(
    actor: Principal,
    *,
    store: Store,
    clock: Clock,
    groups: Mapping[str, Group],
    staff: StaffDirectory,
) -> list[Person]:
    """Everybody, by name, with the grants that still hold.

    Raises: Denied.
    """
    actor.require(Permission.MANAGE_PERMISSIONS)
    now = clock()
    with store.reading() as view:
        grants = [one for one in view.grants.everything() if one.until is None or one.until > now]
        return [
            _person(user, [one for one in grants if one.user_key == user.user_key], groups, staff)
            for user in view.users.everybody()
        ]


def _person(
    user: User, grants: list[Grant], groups: Mapping[str, Group], staff: StaffDirectory
) -> Person:
    granted = frozenset(one.permission for one in grants)
    principal = principal_of_user(user, granted, groups=groups, staff=staff)
    return Person(user=user, principal=principal, grants=tuple(grants))
