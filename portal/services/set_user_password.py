"""Give a user of the local sign-in another password."""

from dataclasses import dataclass, field, replace

from portal.domain.errors import Invalid
from portal.services.add_user import check_password
from portal.services.disable_user import find_user
from portal.services.ports import Clock, PasswordChecker, SignInKind, Store, User


@dataclass(frozen=True, kw_only=True)
class SetUserPassword:
    """The request. `who` is a user name or a user key; `actor` is who asks for it."""

    who: str
    password: str = field(repr=False)
    actor: str


def set_user_password(
    command: SetUserPassword, *, store: Store, clock: Clock, passwords: PasswordChecker
) -> User:
    """Change the password; whoever came in with the old one is signed out.

    Raises: NotFound; Invalid for a password that can't be one, or for somebody of the single
    sign-on, who has none here.
    """
    check_password(command.password)
    hashed = passwords.hash(command.password)
    with store.unit_of_work() as uow:
        before = find_user(uow, command.who)
        if before.kind is not SignInKind.LOCAL:
            raise Invalid(
                f"{before.full_name} signs in through single sign-on, without a password."
            )
        user = replace(before, password_hash=hashed)
        uow.users.save(user)
        ended = uow.sessions.revoke_all(user.user_key, clock())
        uow.audit.append(
            at=clock(),
            actor=command.actor,
            action="user.password_changed",
            subject=user.user_key,
            detail={"sessions_ended": ended},
        )
        uow.commit()
    return user
