"""People, a clock that is set by hand, and a store: what tests of access need."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from portal.domain.permissions import Group, Permission
from portal.services.add_user import AddUser, add_user
from portal.services.ports import SessionLimits, Store, User
from portal.services.sign_in_locally import SignInLocally, sign_in_locally
from portal.services.start_session import StartSession, start_session
from portal.services.tickets import hash_of

PASSWORD = "correct horse battery"
NOON = datetime(2026, 6, 30, 16, 0, tzinfo=UTC)
LIMITS = SessionLimits(idle_minutes=60, absolute_hours=12)
_SEES = frozenset({Permission.VIEW_CLIENTS})
GROUPS = {
    "admins": Group("admins", frozenset(Permission), "admin"),
    "partners": Group("partners", _SEES | {Permission.EXPORT}, "partner"),
    "users": Group("users", _SEES, "user"),
}


@dataclass
class HandClock:
    """A clock that stands until it is moved."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **time: float) -> None:
        self.now += timedelta(**time)


@dataclass
class PlainPasswords:
    """Passwords without the slow hash; counts how often one was compared."""

    compared: list[str | None] = field(default_factory=list)

    def hash(self, password: str) -> str:
        return f"hash of {password}"

    def matches(self, password: str, password_hash: str | None) -> bool:
        self.compared.append(password_hash)
        return password_hash == f"hash of {password}"


@dataclass
class StaffList:
    """Who works at the firm."""

    by_email: dict[str, str] = field(default_factory=dict)

    def staff_id_of(self, email: str) -> str | None:
        return self.by_email.get(email)


def a_user(store: Store, name: str = "pat", group: str = "partners", **changes: object) -> User:
    """Add a user of the local sign-in whose password is PASSWORD."""
    asked = {
        "user_name": name,
        "full_name": name.title(),
        "email": f"{name}@firm.example",
        "groups": (group,),
        "password": PASSWORD,
        "actor": "test",
    }
    return add_user(
        AddUser(**{**asked, **changes}),
        store=store,
        clock=HandClock(),
        passwords=PlainPasswords(),
        groups=GROUPS,
    )


def sign_in(
    store: Store,
    clock: HandClock,
    name: str = "pat",
    password: str = PASSWORD,
    address: str = "192.0.2.1",
    passwords: PlainPasswords | None = None,
) -> str:
    """Try a password. Returns: the ticket."""
    return sign_in_locally(
        SignInLocally(user_name=name, password=password, address=address),
        store=store,
        clock=clock,
        passwords=passwords or PlainPasswords(),
    ).ticket


def a_session(
    store: Store, clock: HandClock, name: str = "pat", password: str = PASSWORD
) -> tuple[str, str]:
    """Sign somebody in. Returns: the cookie and the session's id."""
    ticket = sign_in(store, clock, name, password)
    started = start_session(StartSession(ticket=ticket), store=store, clock=clock, limits=LIMITS)
    return started.cookie, hash_of(started.cookie)
