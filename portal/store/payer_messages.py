"""What payers asked of the firm: questions, disputes, promises, installments, credits."""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Row, insert, select, update

from portal.domain.payers import AskKind
from portal.services.payer_ports import PayerMessage
from portal.store.payer_tables import payer_messages


class PayerMessageRows:
    """The payer_messages table."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, message: PayerMessage) -> None:
        """Keep a new message."""
        values = {**vars(message), "kind": message.kind.value}
        self._connection.execute(insert(payer_messages).values(values))

    def find(self, message_id: str) -> PayerMessage | None:
        """The message with this id."""
        return next(iter(self._those(payer_messages.c.message_id == message_id)), None)

    def of_request(self, request_id: str) -> PayerMessage | None:
        """The message that came of a form; None when it was not sent yet."""
        return next(iter(self._those(payer_messages.c.request_id == request_id)), None)

    def of_client(self, client_id: str) -> list[PayerMessage]:
        """What was asked about a client, newest first."""
        return self._those(payer_messages.c.client_id == client_id)

    def open_ones(self) -> list[PayerMessage]:
        """What nobody has handled yet, newest first."""
        return self._those(payer_messages.c.state == "open")

    def handle(self, message_id: str, by: str, name: str, now: datetime) -> bool:
        """Note that somebody of the firm has seen to it. Returns: whether it was open."""
        return self._close(message_id, payer_messages.c.state == "open", by, name, now)

    def answer(self, message_id: str, answer: str, by: str, name: str, now: datetime) -> bool:
        """Keep what was answered, and that it is seen to. Returns: whether it is the first."""
        unanswered = payer_messages.c.answer.is_(None)
        return self._close(message_id, unanswered, by, name, now, answer=answer)

    def _close(
        self,
        message_id: str,
        condition: ColumnElement[bool],
        by: str,
        name: str,
        now: datetime,
        **more: str,
    ) -> bool:
        values = {"state": "handled", "handled_by": by, "handled_by_name": name, **more}
        done = self._connection.execute(
            update(payer_messages)
            .where(payer_messages.c.message_id == message_id, condition)
            .values(handled_at=now, **values)
        )
        return done.rowcount == 1

    def _those(self, condition: object) -> list[PayerMessage]:
        found = self._connection.execute(
            select(payer_messages)
            .where(condition)  # type: ignore[arg-type]
            .order_by(payer_messages.c.created_at.desc(), payer_messages.c.message_id)
        )
        return [_message(row) for row in found]


def _message(row: Row) -> PayerMessage:
    return PayerMessage(**{**row._mapping, "kind": AskKind(row.kind)})
