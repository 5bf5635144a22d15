"""Which of the firm's people may do something: those to whom work can be given or news told."""

from collections.abc import Mapping
from datetime import datetime

from portal.domain.permissions import Group, Permission
from portal.services.ports import UnitOfWork, User


def staff_who_may(
    permission: Permission, view: UnitOfWork, *, groups: Mapping[str, Group], now: datetime
) -> list[User]:
    """Active users whose groups, or a grant that still holds, let them do it; by name."""
    return sorted(
        (
            user
            for user in view.users.everybody()
            if user.is_active and _may(user, permission, view, groups, now)
        ),
        key=lambda user: (user.full_name, user.user_key),
    )


def _may(
    user: User,
    permission: Permission,
    view: UnitOfWork,
    groups: Mapping[str, Group],
    now: datetime,
) -> bool:
    by_group = any(permission in groups[name].permissions for name in user.groups if name in groups)
    return by_group or permission.value in view.grants.of_user(user.user_key, now)
