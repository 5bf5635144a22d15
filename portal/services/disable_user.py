"""Switch a person's access off, or on again."""

from dataclasses import dataclass, replace

from portal.domain.errors import NotFound
from portal.services.ports import Clock, SignInKind, Store, UnitOfWork, User


@dataclass(frozen=True, kw_only=True)
class DisableUser:
    """The request. `who` is a user name, a user key or the email of a single sign-on user."""

    who: str
    actor: str
    is_active: bool = False


def disable_user(command: DisableUser, *, store: Store, clock: Clock) -> User:
    """Switch somebody off: every session of theirs ends now, every ticket is torn up.

    Raises: NotFound.
    """
    with store.unit_of_work() as uow:
        user = replace(find_user(uow, command.who), is_active=command.is_active)
        uow.users.save(user)
        ended = 0 if user.is_active else uow.sessions.revoke_all(user.user_key, clock())
        uow.audit.append(
            at=clock(),
            actor=command.actor,
            action="user.enabled" if user.is_active else "user.disabled",
            subject=user.user_key,
            detail={"sessions_ended": ended},
        )
        uow.commit()
    return user


def find_user(uow: UnitOfWork, who: str) -> User:
    """The one person that a user name, a user key or an email means.

    Raises: NotFound.
    """
    found = uow.users.find(who) or uow.users.find_by_name(who)
    if found is None:
        by_email = [user for user in uow.users.everybody() if user.email == who.lower()]
        sso = [user for user in by_email if user.kind is SignInKind.OIDC]
        found = (sso or by_email)[0] if len(sso or by_email) == 1 else None
    if found is None:
        raise NotFound(f"There is no user {who}.")
    return found
