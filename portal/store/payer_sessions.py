"""Who is in the client portal, the handovers that let them in, and the count of wrong guesses."""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from portal.domain.payers import EntryKind
from portal.services.payer_ports import Handover, PayerSession
from portal.store import visits
from portal.store.payer_tables import handovers, payer_attempts, payer_sessions

_ATTEMPTS = 7_205
"""The subject of the turn that counts guesses at the client portal's doors."""


class PayerSessionRows:
    """The payer_sessions and handovers tables."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, session_id: str) -> PayerSession | None:
        """The session with this id, whether it still lasts or not."""
        row = self._connection.execute(
            select(payer_sessions).where(payer_sessions.c.session_id == session_id)
        ).one_or_none()
        return None if row is None else PayerSession(**_read(row._mapping))

    def add(self, session: PayerSession) -> None:
        """Keep a new session."""
        self._connection.execute(insert(payer_sessions).values(_written(session)))

    def touch(self, session_id: str, now: datetime) -> None:
        """Note that the payer is there."""
        visits.note_use(self._connection, payer_sessions, session_id, now)

    def choose(self, session_id: str, client_id: str) -> None:
        """Note which of their clients a portal user is looking at."""
        self._connection.execute(
            update(payer_sessions)
            .where(payer_sessions.c.session_id == session_id)
            .values(client_id=client_id)
        )

    def revoke(self, session_id: str, now: datetime) -> bool:
        """End a session. Returns: whether it was still open."""
        return self._end(payer_sessions.c.session_id == session_id, now) == 1

    def revoke_all(self, portal_user_id: str, now: datetime) -> int:
        """End every session of a portal user and tear up their handovers."""
        self._connection.execute(
            delete(handovers).where(handovers.c.portal_user_id == portal_user_id)
        )
        return self._end(payer_sessions.c.portal_user_id == portal_user_id, now)

    def renew(self, session_id: str, expires_at: datetime) -> None:
        """Let the one session go on that has just chosen a new password; it may not do so again."""
        self._connection.execute(
            update(payer_sessions)
            .where(payer_sessions.c.session_id == session_id)
            .values(revoked_at=None, expires_at=expires_at, may_set_password=False)
        )

    def revoke_link(self, link_id: str, now: datetime) -> int:
        """End every session that a link has opened. Returns: how many."""
        return self._end(payer_sessions.c.link_id == link_id, now)

    def add_handover(self, handover: Handover) -> None:
        """Keep a handover until it is used or its time is over."""
        self._connection.execute(insert(handovers).values(_written(handover)))

    def use_handover(self, ticket_hash: str, now: datetime) -> Handover | None:
        """Take a handover away. Returns: it, unless it is unknown, used or too old."""
        row = visits.take_ticket(self._connection, handovers, ticket_hash, now)
        return None if row is None else Handover(**_read(row))

    def forget_old(self, before: datetime) -> None:
        """Drop sessions and handovers that ended before an instant."""
        visits.forget(self._connection, (handovers, payer_sessions), before)

    def _end(self, which: ColumnElement[bool], now: datetime) -> int:
        return visits.end_open(self._connection, payer_sessions, which, now)


class PayerAttemptRows(visits.CountedTries):
    """The payer_attempts table."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection, payer_attempts, _ATTEMPTS)

    def failures(
        self, since: datetime, *, door: str, subject: str | None = None, address: str | None = None
    ) -> int:
        """Wrong tries at a door since an instant: about a subject, from an address, or all."""
        query = (
            select(func.count())
            .select_from(payer_attempts)
            .where(
                payer_attempts.c.door == door,
                payer_attempts.c.at > since,
                payer_attempts.c.has_succeeded.is_(False),
            )
        )
        if subject is not None:
            query = query.where(payer_attempts.c.subject == subject)
        if address is not None:
            query = query.where(payer_attempts.c.address == address)
        return self._connection.execute(query).scalar_one()

    def add(self, door: str, subject: str, address: str, at: datetime) -> str:
        """Count a try as wrong. Returns: its id, to mark it right."""
        return self._count_wrong(at, door=door, subject=subject, address=address)


def _written(record: PayerSession | Handover) -> dict[str, object]:
    return {
        **vars(record),
        "entry": record.entry.value,
        "invoice_ids": list(record.invoice_ids),
    }


def _read(row: object) -> dict[str, object]:
    read = dict(row)  # type: ignore[call-overload]
    return {
        **read,
        "entry": EntryKind(read["entry"]),
        "invoice_ids": tuple(read["invoice_ids"]),
    }
