"""How a letter lies in its rows, and how rows become a letter again."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Connection, Row, Select, select, update

from portal.domain.mail_addresses import Recipient, RecipientRole
from portal.services.mail_ports import (
    Attachment,
    DocumentKind,
    Letter,
    LetterKind,
    LetterState,
    StoredLetter,
)
from portal.store.mail_tables import letter_recipients, letters


def stored(connection: Connection, wanted: Select) -> list[StoredLetter]:
    """The letters a query finds, in its order, with the people each can still go to."""
    rows = list(connection.execute(wanted))
    people: dict[str, list[Recipient]] = {}
    found = connection.execute(
        select(letter_recipients)
        .where(letter_recipients.c.letter_id.in_([row.letter_id for row in rows]))
        .where(letter_recipients.c.state != "failed")
        .order_by(letter_recipients.c.letter_id, letter_recipients.c.position)
    )
    for row in found:
        people.setdefault(row.letter_id, []).append(
            Recipient(address=row.address, name=row.name, role=RecipientRole(row.role))
        )
    return [_stored(row, tuple(people.get(row.letter_id, ()))) for row in rows]


def change(connection: Connection, which: ColumnElement[bool], **values: object) -> bool:
    """Change letters. Returns: whether there was one to change."""
    return connection.execute(update(letters).where(which).values(**values)).rowcount > 0


def attachments_as_kept(attachments: Iterable[Attachment]) -> list[dict[str, str]]:
    """Attachments as JSON keeps them."""
    return [
        {"kind": one.kind.value, "key": one.key, "file_name": one.file_name} for one in attachments
    ]


def _stored(row: Row, people: tuple[Recipient, ...]) -> StoredLetter:
    attachments = tuple(
        Attachment(kind=DocumentKind(one["kind"]), key=one["key"], file_name=one["file_name"])
        for one in row.attachments
    )
    letter = Letter(
        kind=LetterKind(row.kind),
        dedupe_key=row.dedupe_key,
        recipients=people,
        facts=row.facts,
        client_id=row.client_id,
        attachments=attachments,
        pay_scope=None if row.pay_scope is None else tuple(row.pay_scope),
        secret_link=row.secret_link,
        reply_to=row.reply_to,
        created_by=row.created_by,
        language=row.language,
        needs_review=row.state == LetterState.REVIEW.value,
        resend_of=row.resend_of,
    )
    return StoredLetter(
        letter_id=row.letter_id,
        seq=row.seq,
        letter=letter,
        state=LetterState(row.state),
        message_id=row.message_id,
        created_at=row.created_at,
        subject=row.subject,
        reason=row.reason,
        tries=row.tries,
        next_try_at=row.next_try_at,
        sent_at=row.sent_at,
        is_complete=row.is_complete,
    )
