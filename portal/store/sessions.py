"""Sessions, the tickets that start them, and the count of wrong passwords."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, select, update

from portal.services.ports import Session, SignInKind, Ticket
from portal.store import visits
from portal.store.tables import sessions, sign_in_attempts, sign_in_tickets

_ATTEMPTS = 7_201
"""The subject of the turn that counts wrong passwords."""


class SessionRows:
    """The sessions table and the tickets that become sessions."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, session_id: str) -> Session | None:
        """The session with this id, whether it still lasts or not."""
        row = self._connection.execute(
            select(sessions).where(sessions.c.session_id == session_id)
        ).one_or_none()
        if row is None:
            return None
        return Session(**{**row._mapping, "kind": SignInKind(row.kind)})

    def add(self, session: Session) -> None:
        """Keep a new session."""
        self._connection.execute(insert(sessions).values(_row(session)))

    def has_proof(self, proof: str) -> bool:
        """Whether a session has ever been started from this single sign-on answer."""
        found = self._connection.execute(
            select(sessions.c.session_id).where(sessions.c.proof == proof)
        )
        return found.one_or_none() is not None

    def touch(self, session_id: str, now: datetime) -> None:
        """Note that the person is at work."""
        visits.note_use(self._connection, sessions, session_id, now)

    def carry_along(self, now: datetime, by: timedelta) -> None:
        """Let every session that still lasts be as old as it was when the clock has moved."""
        lasting = self._connection.execute(
            select(sessions).where(sessions.c.revoked_at.is_(None), sessions.c.expires_at > now)
        ).all()
        for row in lasting:
            self._connection.execute(
                update(sessions)
                .where(sessions.c.session_id == row.session_id)
                .values(last_seen_at=row.last_seen_at + by, expires_at=row.expires_at + by)
            )

    def look_as(self, session_id: str, user_key: str | None) -> None:
        """Let a session see the portal as another user does; None ends that."""
        self._connection.execute(
            update(sessions).where(sessions.c.session_id == session_id).values(seen_as=user_key)
        )

    def revoke(self, session_id: str, now: datetime) -> bool:
        """End a session. Returns: whether it was still open."""
        which = sessions.c.session_id == session_id
        return visits.end_open(self._connection, sessions, which, now) == 1

    def revoke_all(self, user_key: str, now: datetime) -> int:
        """End every session of a person and tear up their tickets. Returns: how many sessions."""
        self._connection.execute(
            delete(sign_in_tickets).where(sign_in_tickets.c.user_key == user_key)
        )
        which = sessions.c.user_key == user_key
        return visits.end_open(self._connection, sessions, which, now)

    def add_ticket(self, ticket: Ticket) -> None:
        """Keep a ticket until it is used or its time is over."""
        self._connection.execute(insert(sign_in_tickets).values(_row(ticket)))

    def use_ticket(self, ticket_hash: str, now: datetime) -> Ticket | None:
        """Take a ticket away. Returns: it, unless it is unknown, used or too old."""
        row = visits.take_ticket(self._connection, sign_in_tickets, ticket_hash, now)
        return None if row is None else Ticket(**{**row, "kind": SignInKind(row["kind"])})

    def forget_old(self, before: datetime) -> None:
        """Drop tickets and sessions that ended before an instant."""
        visits.forget(self._connection, (sign_in_tickets, sessions), before)


class SignInAttemptRows(visits.CountedTries):
    """The sign_in_attempts table."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection, sign_in_attempts, _ATTEMPTS)

    def failures_of_account(self, account: str, since: datetime) -> int:
        """Wrong passwords for an account since an instant or its last right one."""
        last_right = self._connection.execute(
            select(func.max(sign_in_attempts.c.at)).where(
                sign_in_attempts.c.account == account, sign_in_attempts.c.has_succeeded
            )
        ).scalar_one()
        if last_right is not None and last_right > since:
            since = last_right
        return self._failures(sign_in_attempts.c.account == account, since)

    def failures_of_address(self, address: str, since: datetime) -> int:
        """Wrong passwords from a network address since an instant."""
        return self._failures(sign_in_attempts.c.address == address, since)

    def add(self, account: str, address: str, at: datetime) -> str:
        """Count a try as wrong. Returns: its id, to mark it right."""
        return self._count_wrong(at, account=account, address=address)

    def _failures(self, condition: object, since: datetime) -> int:
        return self._connection.execute(
            select(func.count())
            .select_from(sign_in_attempts)
            .where(
                condition,  # type: ignore[arg-type]
                sign_in_attempts.c.at > since,
                sign_in_attempts.c.has_succeeded.is_(False),
            )
        ).scalar_one()


def _row(record: Session | Ticket) -> dict[str, object]:
    return {**vars(record), "kind": record.kind.value}
