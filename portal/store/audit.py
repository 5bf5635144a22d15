"""The audit log: who did what when, in a chain that shows when somebody has tampered with it.

Triggers refuse to change or delete a row. Whoever gets around them breaks the chain of
hashes, which cannot be mended without the installation's secret key.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, Row, func, insert, select

from portal.store.engine import take_turn
from portal.store.tables import audit_log

FIRST = "0" * 64
"""What stands for the hash before the first row."""
_LAST = select(audit_log.c.seq, audit_log.c.hash).order_by(audit_log.c.seq.desc()).limit(1)
_NEXT = insert(audit_log)
_CHAIN = 7_202
"""The subject of the turn that extends the chain."""


@dataclass(frozen=True)
class AuditRow:
    """One line of the log."""

    seq: int
    at: datetime
    actor: str
    action: str
    subject: str
    detail: Mapping[str, object]


@dataclass(frozen=True)
class AuditReport:
    """What checking the log found. `broken_at` is the first row that does not fit, or None.

    `head` is the last row's number and hash: kept elsewhere, it later proves that no row
    has been cut off the end.
    """

    rows: int
    head: tuple[int, str]
    broken_at: int | None = None
    reason: str = ""


class AuditRows:
    """The audit_log table."""

    def __init__(self, connection: Connection, key: bytes) -> None:
        self._connection = connection
        self._key = key

    def append(
        self,
        *,
        at: datetime,
        actor: str,
        action: str,
        subject: str,
        detail: Mapping[str, object] | None = None,
    ) -> int:
        """Add a line in this transaction. Returns: its number."""
        take_turn(self._connection, _CHAIN)
        last = self._connection.execute(_LAST).one_or_none()
        seq, prev_hash = (1, FIRST) if last is None else (last.seq + 1, last.hash)
        written = json.dumps(dict(detail or {}), sort_keys=True, default=str)
        digest = _digest(self._key, prev_hash, (seq, _text(at), actor, action, subject, written))
        self._connection.execute(
            _NEXT,
            {
                "seq": seq,
                "at": at,
                "actor": actor,
                "action": action,
                "subject": subject,
                "detail": written,
                "prev_hash": prev_hash,
                "hash": digest,
            },
        )
        return seq

    def rows(self, *, before: int | None = None, limit: int = 200) -> list[AuditRow]:
        """The newest lines first; `before` pages on."""
        query = select(audit_log).order_by(audit_log.c.seq.desc()).limit(limit)
        if before is not None:
            query = query.where(audit_log.c.seq < before)
        return [
            AuditRow(row.seq, row.at, row.actor, row.action, row.subject, json.loads(row.detail))
            for row in self._connection.execute(query)
        ]

    def details_of(self, action: str) -> list[Mapping[str, object]]:
        """What the lines about one kind of deed say, oldest first."""
        query = select(audit_log.c.detail).where(audit_log.c.action == action)
        found = self._connection.execute(query.order_by(audit_log.c.seq))
        return [json.loads(detail) for detail in found.scalars()]

    def count(self) -> int:
        """How many lines there are."""
        return self._connection.execute(select(func.count()).select_from(audit_log)).scalar_one()

    def head(self) -> tuple[int, str]:
        """The last line's number and hash: what proves later that none was cut off the end."""
        last = self._connection.execute(_LAST).one_or_none()
        return (0, FIRST) if last is None else (last.seq, last.hash)

    def verify(self, *, anchor: tuple[int, str] | None = None) -> AuditReport:
        """Walk the whole chain; with `anchor` (an earlier head) also look for a missing end."""
        prev_hash, seq, anchor_seen = FIRST, 0, anchor is None
        for row in self._in_order():
            reason = self._flaw(row, seq + 1, prev_hash)
            if anchor is not None and row.seq == anchor[0]:
                anchor_seen = True
                if row.hash != anchor[1]:
                    reason = reason or "it is not the row the anchor was taken from"
            if reason:
                return AuditReport(seq, (seq, prev_hash), seq + 1, reason)
            seq, prev_hash = row.seq, row.hash
        if not anchor_seen:
            return AuditReport(seq, (seq, prev_hash), seq + 1, "rows after it have been cut off")
        return AuditReport(seq, (seq, prev_hash))

    def _in_order(self) -> Iterator[Row]:
        yield from self._connection.execute(
            select(audit_log).order_by(audit_log.c.seq).execution_options(yield_per=5_000)
        )

    def _flaw(self, row: Row, seq: int, prev_hash: str) -> str:
        if row.seq != seq:
            return "a row is missing"
        if row.prev_hash != prev_hash:
            return "it does not follow the row before it"
        said = (row.seq, _text(row.at), row.actor, row.action, row.subject, row.detail)
        if not hmac.compare_digest(_digest(self._key, prev_hash, said), row.hash):
            return "it has been changed"
        return ""


def _text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _digest(key: bytes, prev_hash: str, said: tuple) -> str:
    message = f"{prev_hash}\n{json.dumps(said)}".encode()
    return hmac.new(key, message, hashlib.sha256).hexdigest()
