"""Payouts, daily payment files and the queue of exceptions."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Connection, select

from portal.services.payout_ports import PaymentFile, Payout, PayoutLine, WorkException
from portal.store.engine import insert_into
from portal.store.payout_tables import exceptions, filed_lines, payment_files, payout_lines, payouts
from portal.store.records import to_row
from portal.store.rows import Rows, batches


class PayoutRows:
    """The payouts and payout_lines tables."""

    def __init__(self, connection: Connection) -> None:
        self._rows = Rows(connection, payouts, Payout)
        self._lines = Rows(connection, payout_lines, PayoutLine)

    def find(self, payout_id: str) -> Payout | None:
        """The payout with this id."""
        return self._rows.by(payouts.c.payout_id, payout_id)

    def find_by_ref(self, gateway_ref: str) -> Payout | None:
        """The payout the gateway calls so."""
        return self._rows.by(payouts.c.gateway_ref, gateway_ref)

    def since(self, day: date) -> list[Payout]:
        """Payouts from a day on, newest first."""
        return self._rows.many(payouts.c.paid_date >= day, order=payouts.c.paid_date.desc())

    def add(self, payout: Payout, lines: Iterable[PayoutLine]) -> None:
        """Keep a payout with its lines."""
        self._rows.add([payout])
        self._lines.add(lines)

    def save(self, payout: Payout) -> None:
        """Keep what has become of a payout."""
        self._rows.save(payout)

    def lines(self, payout_id: str) -> list[PayoutLine]:
        """What a payout is made of."""
        return self._lines.many(payout_lines.c.payout_id == payout_id)

    def lines_of_payment(self, payment_id: str) -> list[PayoutLine]:
        """In which payouts a payment was."""
        return self._lines.many(payout_lines.c.payment_id == payment_id)


class PaymentFileRows:
    """The payment_files table."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows = Rows(connection, payment_files, PaymentFile)

    def find(self, file_id: str) -> PaymentFile | None:
        """The file with this id."""
        return self._rows.by(payment_files.c.file_id, file_id)

    def of_day(self, day: date) -> list[PaymentFile]:
        """A day's files."""
        return self._rows.many(payment_files.c.day == day)

    def latest(self, limit: int) -> list[PaymentFile]:
        """The newest files first."""
        return self._rows.many(order=payment_files.c.day.desc(), limit=limit)

    def add(self, file: PaymentFile) -> bool:
        """Keep a file. Returns: False when the day has one of this layout and kind."""
        insert = insert_into(self._connection, payment_files).values(to_row(file))
        kept = insert.on_conflict_do_nothing().returning(payment_files.c.file_id)
        return self._connection.execute(kept).first() is not None

    def filed(self, line_keys: Iterable[str]) -> dict[str, date]:
        """Which of these lines a file tells, and of which day it is."""
        found: dict[str, date] = {}
        for batch in batches(line_keys):
            rows = select(filed_lines).where(filed_lines.c.line_key.in_(batch))
            found.update((row.line_key, row.day) for row in self._connection.execute(rows))
        return found

    def mark_filed(self, line_keys: Iterable[str], day: date) -> None:
        """The files of this day tell these lines."""
        rows = [{"line_key": key, "day": day} for key in line_keys]
        insert = insert_into(self._connection, filed_lines).on_conflict_do_nothing()
        self._connection.execute(insert, rows)


class ExceptionRows:
    """The exceptions table."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows = Rows(connection, exceptions, WorkException)

    def find(self, exception_id: str) -> WorkException | None:
        """The exception with this id."""
        return self._rows.by(exceptions.c.exception_id, exception_id)

    def open(self) -> list[WorkException]:
        """What nobody has resolved, oldest first."""
        return self._rows.many(exceptions.c.resolved_at.is_(None), order=exceptions.c.opened_at)

    def open_on(self, kind: str, subject: str) -> WorkException | None:
        """The open exception of this kind about this subject."""
        return self._rows.one(
            exceptions.c.kind == kind,
            exceptions.c.subject == subject,
            exceptions.c.resolved_at.is_(None),
        )

    def has_been(self, kind: str, subject: str) -> bool:
        """Whether an exception of this kind about this subject was ever opened."""
        found = self._rows.many(exceptions.c.kind == kind, exceptions.c.subject == subject, limit=1)
        return bool(found)

    def add(self, exception: WorkException) -> bool:
        """Open an exception. Returns: False when one like it is open."""
        insert = insert_into(self._connection, exceptions).values(to_row(exception))
        kept = insert.on_conflict_do_nothing().returning(exceptions.c.exception_id)
        return self._connection.execute(kept).first() is not None

    def save(self, exception: WorkException) -> None:
        """Keep how it was resolved."""
        self._rows.save(exception)
