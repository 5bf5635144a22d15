"""Let a payer in: the session of one browser, kept by the hash of what its cookie holds."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from portal.domain.payers import EntryKind, guest_key
from portal.services.payer_ports import Handover, PayerSession
from portal.services.ports import UnitOfWork
from portal.services.tickets import hash_of, new_secret

HANDOVER_SECONDS = 30
STAFF_SECONDS = 60
LASTS = {
    EntryKind.LINK: timedelta(hours=2),
    EntryKind.GUEST: timedelta(hours=2),
    EntryKind.ACCOUNT: timedelta(hours=12),
    EntryKind.STAFF: timedelta(hours=2),
}
KEPT_DAYS = 30
"""How long the rows of ended visits are kept; the audit log keeps who came in for good."""


@dataclass(frozen=True, kw_only=True)
class PayerSessionStarted:
    """What to put into the browser's cookie, for how long, and where the payer goes on."""

    cookie: str = field(repr=False)
    lasts_seconds: int
    goes_to: str = "client-portal"


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """Who is let in, and to what."""

    entry: EntryKind
    client_id: str | None = None
    invoice_ids: tuple[str, ...] = ()
    portal_user_id: str | None = None
    link_id: str | None = None
    staff_session_id: str | None = None
    may_set_password: bool = False


def let_in(
    uow: UnitOfWork,
    visitor: Visitor,
    now: datetime,
    *,
    earlier_cookie: str | None,
    address: str,
    actor: str | None,
    goes_to: str = "client-portal",
) -> PayerSessionStarted:
    """Start a session under a new id and end the one the browser had, in one transaction.

    Without an `actor` it is a guest, who is nobody but this visit.
    """
    cookie = new_secret()
    actor = actor or guest_key(hash_of(cookie))
    if earlier_cookie:
        uow.payer_sessions.revoke(hash_of(earlier_cookie), now)
    uow.payer_sessions.add(
        PayerSession(
            session_id=hash_of(cookie),
            created_at=now,
            last_seen_at=now,
            expires_at=now + LASTS[visitor.entry],
            **vars(visitor),
        )
    )
    uow.audit.append(
        at=now,
        actor=actor,
        action="client_portal.entered",
        subject=visitor.client_id or actor,
        detail={"as": visitor.entry.value, "address": address},
    )
    uow.payer_sessions.forget_old(now - timedelta(days=KEPT_DAYS))
    uow.payer_attempts.forget_old(now - timedelta(days=1))
    lasts = int(LASTS[visitor.entry].total_seconds())
    return PayerSessionStarted(cookie=cookie, lasts_seconds=lasts, goes_to=goes_to)


def issue_handover(
    uow: UnitOfWork, visitor: Visitor, now: datetime, *, seconds: int = HANDOVER_SECONDS
) -> str:
    """Promise a session, in the caller's transaction. Returns: the ticket, good once."""
    ticket = new_secret()
    uow.payer_sessions.add_handover(
        Handover(
            ticket_hash=hash_of(ticket),
            entry=visitor.entry,
            client_id=visitor.client_id,
            invoice_ids=visitor.invoice_ids,
            portal_user_id=visitor.portal_user_id,
            staff_session_id=visitor.staff_session_id,
            expires_at=now + timedelta(seconds=seconds),
        )
    )
    return ticket
