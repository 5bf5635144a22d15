"""What sessions of staff and visits of payers share: ends, tickets good once, counted tries."""

import uuid
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, RowMapping, Table, delete, insert, update

from portal.store.engine import take_turn


def end_open(
    connection: Connection, table: Table, which: ColumnElement[bool], now: datetime
) -> int:
    """End those sessions that are still open. Returns: how many."""
    ended = connection.execute(
        update(table).where(which, table.c.revoked_at.is_(None)).values(revoked_at=now)
    )
    return ended.rowcount


def note_use(connection: Connection, table: Table, session_id: str, now: datetime) -> None:
    """Note that somebody is there."""
    connection.execute(
        update(table).where(table.c.session_id == session_id).values(last_seen_at=now)
    )


def take_ticket(
    connection: Connection, table: Table, ticket_hash: str, now: datetime
) -> RowMapping | None:
    """Take a ticket away. Returns: it, unless it is unknown, used or too old."""
    row = connection.execute(
        delete(table).where(table.c.ticket_hash == ticket_hash).returning(table)
    ).one_or_none()
    return None if row is None or row.expires_at <= now else row._mapping


def forget(connection: Connection, tables: tuple[Table, ...], before: datetime) -> None:
    """Drop what ended before an instant."""
    for table in tables:
        connection.execute(delete(table).where(table.c.expires_at < before))


class CountedTries:
    """Tries at a door: every one counts as wrong until it is marked right."""

    def __init__(self, connection: Connection, table: Table, turn: int) -> None:
        self._connection = connection
        self._table = table
        self._turn = turn

    def serialize(self) -> None:
        """Let one try at a time be counted, so that a hundred at once are a hundred."""
        take_turn(self._connection, self._turn)

    def mark_succeeded(self, attempt_id: str) -> None:
        """The guess was right."""
        self._connection.execute(
            update(self._table)
            .where(self._table.c.attempt_id == attempt_id)
            .values(has_succeeded=True)
        )

    def forget_old(self, before: datetime) -> None:
        """Drop what no limit looks at any more."""
        self._connection.execute(delete(self._table).where(self._table.c.at < before))

    def _count_wrong(self, at: datetime, **said: str) -> str:
        attempt_id = uuid.uuid4().hex
        self._connection.execute(
            insert(self._table).values(attempt_id=attempt_id, at=at, has_succeeded=False, **said)
        )
        return attempt_id
