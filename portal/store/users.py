"""Users and their single grants: who may sign in, and what beyond their groups?"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, Row, Select, bindparam, delete, or_, select

from portal.services.ports import Grant, SignInKind, User
from portal.store.engine import insert_into
from portal.store.tables import grants, users

_FINDING = select(users).where(users.c.user_key == bindparam("user_key"))


class UserRows:
    """The users table."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, user_key: str) -> User | None:
        """The user with this key."""
        return self._one(_FINDING, {"user_key": user_key})

    def find_by_name(self, user_name: str) -> User | None:
        """The local user with this name; names are kept in lower case."""
        return self._one(select(users).where(users.c.user_name == user_name.lower()))

    def with_email(self, email: str, kind: SignInKind) -> list[User]:
        """Active users of one kind with this email."""
        found = self._connection.execute(
            select(users)
            .where(users.c.email == email.lower(), users.c.kind == kind, users.c.is_active)
            .order_by(users.c.user_key)
        )
        return [_user(row) for row in found]

    def everybody(self) -> list[User]:
        """All users, by name."""
        found = self._connection.execute(
            select(users).order_by(users.c.full_name, users.c.user_key)
        )
        return [_user(row) for row in found]

    def save(self, user: User) -> None:
        """Add a user, or replace what is known of one."""
        values = {
            "user_key": user.user_key,
            "kind": user.kind.value,
            "user_name": user.user_name.lower() if user.user_name else None,
            "full_name": user.full_name,
            "email": user.email.lower(),
            "groups": list(user.groups),
            "password_hash": user.password_hash,
            "is_active": user.is_active,
        }
        insert = insert_into(self._connection, users).values(values)
        self._connection.execute(
            insert.on_conflict_do_update(index_elements=["user_key"], set_=values)
        )

    def _one(self, query: Select, values: Mapping[str, object] | None = None) -> User | None:
        row = self._connection.execute(query, values).one_or_none()
        return None if row is None else _user(row)


class GrantRows:
    """The grants table."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_user(self, user_key: str, now: datetime) -> frozenset[str]:
        """The names of the permissions granted to this person that have not run out."""
        found = self._connection.execute(
            select(grants.c.permission).where(
                grants.c.user_key == user_key,
                or_(grants.c.until.is_(None), grants.c.until > now),
            )
        )
        return frozenset(found.scalars())

    def everything(self) -> list[Grant]:
        """All grants, those that have run out too."""
        found = self._connection.execute(
            select(grants).order_by(grants.c.user_key, grants.c.permission)
        )
        return [Grant(**row._mapping) for row in found]

    def save(self, grant: Grant) -> None:
        """Give a permission, or change until when it is given."""
        values = {
            "user_key": grant.user_key,
            "permission": grant.permission,
            "until": grant.until,
            "granted_by": grant.granted_by,
        }
        insert = insert_into(self._connection, grants).values(values)
        self._connection.execute(
            insert.on_conflict_do_update(index_elements=["user_key", "permission"], set_=values)
        )

    def remove(self, user_key: str, permission: str) -> bool:
        """Take a permission back. Returns: whether there was one."""
        gone = self._connection.execute(
            delete(grants).where(grants.c.user_key == user_key, grants.c.permission == permission)
        )
        return gone.rowcount == 1


def _user(row: Row) -> User:
    return User(
        user_key=row.user_key,
        kind=SignInKind(row.kind),
        user_name=row.user_name,
        full_name=row.full_name,
        email=row.email,
        groups=tuple(row.groups),
        password_hash=row.password_hash,
        is_active=row.is_active,
    )
