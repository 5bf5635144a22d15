"""Who is it that this session belongs to, and what may they do right now?"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from portal.domain.modules import MODULES
from portal.domain.permissions import Group, Permission, Principal
from portal.services.ports import Clock, SessionLimits, StaffDirectory, Store, User
from portal.services.session_life import is_over, note_use


@dataclass(frozen=True, kw_only=True)
class PrincipalOfSession:
    """The question. `is_activity` is False for what the browser does by itself."""

    session_id: str
    is_activity: bool = True


def principal_of_session(
    query: PrincipalOfSession,
    *,
    store: Store,
    clock: Clock,
    groups: Mapping[str, Group],
    limits: SessionLimits,
    staff: StaffDirectory,
) -> Principal | None:
    """Read everything again: groups, grants, whether the person is switched off, the limits.

    Returns: None when the session is over; nothing is remembered from the question before.
    """
    now = clock()
    with store.reading() as view:
        session = view.sessions.find(query.session_id)
        if session is None or is_over(session, now, limits.idle_minutes):
            return None
        user = view.users.find(session.user_key)
        if user is None or not user.is_active:
            return None
        granted = view.grants.of_user(user.user_key, now)
        seen = view.users.find(session.seen_as) if session.seen_as else None
        seen_granted = view.grants.of_user(seen.user_key, now) if seen else frozenset()
    if query.is_activity:
        note_use(session, now, store, lambda uow: uow.sessions.touch(session.session_id, now))
    principal = principal_of_user(user, granted, groups=groups, staff=staff)
    # Whoever may not look as others any more sees themselves again at the next click.
    if seen is None or not principal.may(Permission.MANAGE_PERMISSIONS):
        return principal
    looked_at = principal_of_user(seen, seen_granted, groups=groups, staff=staff)
    return replace(looked_at, seen_by=principal.user_key)


def principal_of_user(
    user: User,
    granted: frozenset[str] = frozenset(),
    *,
    groups: Mapping[str, Group],
    staff: StaffDirectory,
) -> Principal:
    """What a user may do: what their groups may, and what was granted to them alone.

    The first of the firm's groups (in the order of firm.toml) decides the home page.
    """
    mine = [group for name, group in groups.items() if name in user.groups]
    permissions = frozenset().union(*(group.permissions for group in mine))
    return Principal(
        user_key=user.user_key,
        full_name=user.full_name,
        email=user.email,
        home=mine[0].home if mine else "user",
        groups=tuple(group.name for group in mine),
        modules=frozenset().union(*(group.modules for group in mine))
        if mine
        else frozenset(MODULES),
        permissions=permissions | {one for one in Permission if one.value in granted},
        staff_id=staff.staff_id_of(user.email) if user.email else None,
    )
