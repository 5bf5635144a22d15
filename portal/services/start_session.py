"""Exchange an entry ticket for a session."""

from dataclasses import dataclass, field
from datetime import timedelta

from portal.domain.errors import SignInRefused
from portal.services.ports import Clock, Session, SessionLimits, Store
from portal.services.tickets import hash_of, new_secret

KEPT_DAYS = 90
"""How long the rows of ended sessions are kept; the audit log keeps who came in for good."""


@dataclass(frozen=True, kw_only=True)
class StartSession:
    """The request. `earlier_cookie` is what the browser held until now."""

    ticket: str = field(repr=False)
    earlier_cookie: str | None = field(default=None, repr=False)
    address: str = ""


@dataclass(frozen=True, kw_only=True)
class SessionStarted:
    """What to put into the browser's cookie, and for how long."""

    cookie: str = field(repr=False)
    lasts_seconds: int


def start_session(
    command: StartSession, *, store: Store, clock: Clock, limits: SessionLimits
) -> SessionStarted:
    """Start a session under a new id and end the one the browser had before.

    Raises: SignInRefused for a ticket that is unknown, used or too old.
    """
    cookie, now = new_secret(), clock()
    lasts = timedelta(hours=limits.absolute_hours)
    with store.unit_of_work() as uow:
        ticket = uow.sessions.use_ticket(hash_of(command.ticket), now)
        user = uow.users.find(ticket.user_key) if ticket else None
        is_spent = bool(ticket and ticket.proof and uow.sessions.has_proof(ticket.proof))
        if ticket is None or user is None or not user.is_active or is_spent:
            raise SignInRefused("This sign-in took too long. Sign in again.")
        if command.earlier_cookie:
            uow.sessions.revoke(hash_of(command.earlier_cookie), now)
        uow.sessions.add(
            Session(
                session_id=hash_of(cookie),
                user_key=user.user_key,
                kind=ticket.kind,
                created_at=now,
                last_seen_at=now,
                expires_at=now + lasts,
                proof=ticket.proof,
            )
        )
        uow.audit.append(
            at=now,
            actor=user.user_key,
            action="session.started",
            subject=user.user_key,
            detail={"address": command.address, "kind": ticket.kind.value},
        )
        uow.sessions.forget_old(now - timedelta(days=KEPT_DAYS))
        uow.attempts.forget_old(now - timedelta(days=1))
        uow.commit()
    return SessionStarted(cookie=cookie, lasts_seconds=int(lasts.total_seconds()))
