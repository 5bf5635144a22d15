"""Give somebody a name and a password."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from portal.domain.errors import Invalid
from portal.domain.free_text import FreeText, without_card_numbers
from portal.domain.permissions import Group
from portal.services.passwords import LONGEST
from portal.services.ports import Clock, PasswordChecker, SignInKind, Store, User

SHORTEST = 12
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}[a-z0-9]", re.ASCII)
_EMAIL = re.compile(r"[^\s@\x00-\x1f]+@[^\s@\x00-\x1f]+")


@dataclass(frozen=True, kw_only=True)
class AddUser:
    """The request. `actor` is who asks for it, for the audit log."""

    user_name: FreeText
    full_name: FreeText
    email: str
    groups: tuple[str, ...]
    password: str = field(repr=False)
    actor: str


@without_card_numbers
def add_user(
    command: AddUser,
    *,
    store: Store,
    clock: Clock,
    passwords: PasswordChecker,
    groups: Mapping[str, Group],
) -> User:
    """Add a user of the local sign-in.

    Raises: Invalid, with nothing written; a name is never given twice.
    """
    user_name = command.user_name.strip().lower()
    _check(command, user_name, groups)
    user = User(
        user_key=f"local:{user_name}",
        kind=SignInKind.LOCAL,
        user_name=user_name,
        full_name=command.full_name.strip(),
        email=command.email.strip().lower(),
        groups=command.groups,
        password_hash=passwords.hash(command.password),
    )
    with store.unit_of_work() as uow:
        if uow.users.find(user.user_key) is not None:
            raise Invalid(f"There is a user {user_name} already.")
        uow.users.save(user)
        uow.audit.append(
            at=clock(),
            actor=command.actor,
            action="user.added",
            subject=user.user_key,
            detail={"email": user.email, "groups": list(user.groups)},
        )
        uow.commit()
    return user


def _check(command: AddUser, user_name: str, groups: Mapping[str, Group]) -> None:
    if not _NAME.fullmatch(user_name):
        raise Invalid("A user name is 2 to 64 of a-z, 0-9, dot, dash and underscore.")
    if not command.full_name.strip() or len(command.full_name) > 200:
        raise Invalid("Give the person's full name.")
    if not _EMAIL.fullmatch(command.email.strip()):
        raise Invalid("Give the person's email address, as the practice system has it.")
    if unknown := sorted(set(command.groups) - groups.keys()):
        raise Invalid(f"There is no group {unknown[0]}; firm.toml has {', '.join(groups)}.")
    check_password(command.password)


def check_password(password: str) -> None:
    """Go on only with a password that may be given to somebody.

    Raises: Invalid.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise Invalid(f"A password has {SHORTEST} to {LONGEST:,} characters.")
    if password != password.strip():
        raise Invalid("A password can't begin or end with a space.")
