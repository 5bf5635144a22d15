"""Entry tickets and session cookies: random, and only their hashes are ever stored."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.services.ports import Ticket, UnitOfWork, User

SESSION_COOKIE = "portal_session"
TICKET_SECONDS = 30


@dataclass(frozen=True, kw_only=True)
class EntryTicket:
    """What the browser exchanges for its session cookie: once, within 30 seconds."""

    ticket: str


def new_secret() -> str:
    """256 random bits that go into a URL-safe text."""
    return secrets.token_urlsafe(32)


def hash_of(secret: str) -> str:
    """What is stored of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def issue_ticket(
    uow: UnitOfWork, user: User, now: datetime, *, proof: str | None = None
) -> EntryTicket:
    """Promise this user a session, in the caller's transaction."""
    ticket = new_secret()
    uow.sessions.add_ticket(
        Ticket(
            ticket_hash=hash_of(ticket),
            user_key=user.user_key,
            kind=user.kind,
            expires_at=now + timedelta(seconds=TICKET_SECONDS),
            proof=proof,
        )
    )
    return EntryTicket(ticket=ticket)
