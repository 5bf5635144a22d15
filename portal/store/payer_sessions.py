"""Who is in the client portal, the handovers that let them in, and the count of wrong guesses."""

import uuid
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select, update

from portal.domain.payers import EntryKind
from portal.services.payer_ports import Handover, PayerSession
from portal.store.engine import take_turn
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
        self._connection.execute(
            update(payer_sessions)
            .where(payer_sessions.c.session_id == session_id)
            .values(last_seen_at=now)
        )

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
        row = self._connection.execute(
            delete(handovers).where(handovers.c.ticket_hash == ticket_hash).returning(handovers)
        ).one_or_none()
        if row is None or row.expires_at <= now:
            return None
        return Handover(**_read(row._mapping))

    def forget_old(self, before: datetime) -> None:
        """Drop sessions and handovers that ended before an instant."""
        for table in (handovers, payer_sessions):
            self._connection.execute(delete(table).where(table.c.expires_at < before))

    def _end(self, condition: object, now: datetime) -> int:
        return self._connection.execute(
            update(payer_sessions)
            .where(condition, payer_sessions.c.revoked_at.is_(None))  # type: ignore[arg-type]
            .values(revoked_at=now)
        ).rowcount


class PayerAttemptRows:
    """The payer_attempts table: every try counts as wrong until it is marked right."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def serialize(self) -> None:
        """Let one try at a time be counted, so that a hundred at once are a hundred."""
        take_turn(self._connection, _ATTEMPTS)

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
        attempt_id = uuid.uuid4().hex
        self._connection.execute(
            insert(payer_attempts).values(
                attempt_id=attempt_id,
                door=door,
                subject=subject,
                address=address,
                at=at,
                has_succeeded=False,
            )
        )
        return attempt_id

    def mark_succeeded(self, attempt_id: str) -> None:
        """The guess was right."""
        self._connection.execute(
            update(payer_attempts)
            .where(payer_attempts.c.attempt_id == attempt_id)
            .values(has_succeeded=True)
        )

    def forget_old(self, before: datetime) -> None:
        """Drop what no limit looks at any more."""
        self._connection.execute(delete(payer_attempts).where(payer_attempts.c.at < before))


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
