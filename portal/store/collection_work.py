"""Notes, promises, disputes, holds and marks of the worklist: their tables."""

from datetime import date

from sqlalchemy import Connection, Table, or_, select, update

from portal.domain.promises import PromiseState
from portal.services.collections_ports import (
    ClientHold,
    HoldKind,
    InvoiceDispute,
    Note,
    NoteKind,
    Promise,
    WorklistMark,
)
from portal.store.collections_tables import (
    client_holds,
    client_notes,
    invoice_disputes,
    promises,
    worklist_marks,
)
from portal.store.engine import insert_into


class NoteRows:
    """The client_notes table."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, note: Note) -> None:
        """Keep a note; notes are never changed."""
        self._connection.execute(client_notes.insert().values(vars(note)))

    def of_client(self, client_id: str, most: int = 50) -> list[Note]:
        """A client's notes, the newest first."""
        found = self._connection.execute(
            select(client_notes)
            .where(client_notes.c.client_id == client_id)
            .order_by(client_notes.c.at.desc(), client_notes.c.note_id)
            .limit(most)
        )
        return [Note(**{**row._mapping, "kind": NoteKind(row.kind)}) for row in found]


class PromiseRows:
    """The promises table."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, promise: Promise) -> None:
        """Keep a new promise."""
        self._connection.execute(promises.insert().values(vars(promise)))

    def find(self, promise_id: str) -> Promise | None:
        """The promise with this id."""
        found = self._read(promises.c.promise_id == promise_id)
        return found[0] if found else None

    def of_client(self, client_id: str) -> list[Promise]:
        """A client's promises, the newest first."""
        return self._read(promises.c.client_id == client_id)

    def to_judge(self, since: date) -> list[Promise]:
        """Open promises and those made since a day, and all others of the same clients since then.

        A payment that kept one promise must not keep another, so they are judged together.
        """
        judged = select(promises.c.client_id).where(
            or_(promises.c.state == PromiseState.OPEN, promises.c.made_on >= since)
        )
        return self._read(
            promises.c.client_id.in_(judged)
            & (promises.c.state != PromiseState.WITHDRAWN)
            & or_(promises.c.state == PromiseState.OPEN, promises.c.made_on >= since)
        )

    def save(self, promise: Promise) -> None:
        """Replace a promise's state and what was received for it."""
        self._connection.execute(
            update(promises)
            .where(promises.c.promise_id == promise.promise_id)
            .values(
                state=promise.state,
                received_cents=promise.received_cents,
                decided_at=promise.decided_at,
            )
        )

    def _read(self, condition: object) -> list[Promise]:
        found = self._connection.execute(
            select(promises)
            .where(condition)  # type: ignore[arg-type]
            .order_by(promises.c.made_at.desc(), promises.c.promise_id)
        )
        return [Promise(**{**row._mapping, "state": PromiseState(row.state)}) for row in found]


class InvoiceDisputeRows:
    """The invoice_disputes table."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def running(self, invoice_id: str) -> InvoiceDispute | None:
        """The dispute about an invoice that nobody has closed."""
        row = self._connection.execute(
            select(invoice_disputes).where(
                invoice_disputes.c.invoice_id == invoice_id, invoice_disputes.c.closed_at.is_(None)
            )
        ).one_or_none()
        return None if row is None else InvoiceDispute(**row._mapping)

    def of_client(self, client_id: str) -> list[InvoiceDispute]:
        """A client's disputes, the newest first."""
        found = self._connection.execute(
            select(invoice_disputes)
            .where(invoice_disputes.c.client_id == client_id)
            .order_by(invoice_disputes.c.opened_at.desc())
        )
        return [InvoiceDispute(**row._mapping) for row in found]

    def save(self, dispute: InvoiceDispute) -> None:
        """Add a dispute, or replace the one with its id."""
        _put(self._connection, invoice_disputes, "dispute_id", vars(dispute))


class HoldRows:
    """The client_holds table."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def running(self, client_id: str, kind: HoldKind) -> ClientHold | None:
        """The hold of this kind on a client that nobody has ended; it may have run out."""
        found = self._read((client_holds.c.client_id == client_id) & (client_holds.c.kind == kind))
        return found[0] if found else None

    def all_running(self, kind: HoldKind) -> list[ClientHold]:
        """All holds of a kind that nobody has ended."""
        return self._read(client_holds.c.kind == kind)

    def save(self, hold: ClientHold) -> None:
        """Add a hold, or replace the one with its id."""
        _put(self._connection, client_holds, "hold_id", vars(hold))

    def _read(self, condition: object) -> list[ClientHold]:
        found = self._connection.execute(
            select(client_holds)
            .where(condition, client_holds.c.ended_at.is_(None))  # type: ignore[arg-type]
            .order_by(client_holds.c.made_at.desc())
        )
        return [ClientHold(**{**row._mapping, "kind": HoldKind(row.kind)}) for row in found]


class MarkRows:
    """The worklist_marks table."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, client_id: str) -> WorklistMark | None:
        """How a client stands on the worklist."""
        row = self._connection.execute(
            select(worklist_marks).where(worklist_marks.c.client_id == client_id)
        ).one_or_none()
        return None if row is None else WorklistMark(**row._mapping)

    def save(self, mark: WorklistMark) -> None:
        """Replace how a client stands."""
        _put(self._connection, worklist_marks, "client_id", vars(mark))


def _put(connection: Connection, table: Table, key: str, values: dict[str, object]) -> None:
    insert = insert_into(connection, table).values(values)
    connection.execute(insert.on_conflict_do_update(index_elements=[key], set_=values))
