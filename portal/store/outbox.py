"""The outbox: letters in the order they are sent, one of each, bad addresses included."""

import functools
import hashlib
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Executable, and_, select

from portal.domain.errors import Invalid
from portal.domain.mail_addresses import (
    MOST_RECIPIENTS,
    Recipient,
    RecipientRole,
    checked_address,
    one_each,
    one_line,
)
from portal.services.mail_ports import Happening, Letter, LetterEvent, LetterState, StoredLetter
from portal.store.engine import insert_for
from portal.store.letter_rows import attachments_as_kept, change, stored
from portal.store.mail_news import MailNewsRows
from portal.store.mail_tables import letter_recipients, letters

_ADDING_PEOPLE = letter_recipients.insert()


class OutboxRows:
    """The letters and letter_recipients tables."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._news = MailNewsRows(connection)

    def add(self, letter: Letter, *, at: datetime, not_before: datetime | None = None) -> str:
        """Put a letter into the outbox. Returns: its id; the earlier one's for a known key.

        Never refuses, so that what the letter tells about isn't undone by a bad address: an
        address that can't be used is kept as failed, and a letter to nobody as such. It leaves
        at once, or at a later moment.
        """
        letter_id = letter_id_of(letter.dedupe_key)
        people, problems = _usable(letter.recipients)
        state, reason = _first_state(letter, people, problems)
        row = {
            "letter_id": letter_id,
            "dedupe_key": letter.dedupe_key,
            "message_id": letter_id,
            "kind": letter.kind.value,
            "client_id": letter.client_id,
            "facts": dict(letter.facts),
            "attachments": attachments_as_kept(letter.attachments),
            "pay_scope": None if letter.pay_scope is None else list(letter.pay_scope),
            "secret_link": letter.secret_link,
            "reply_to": letter.reply_to,
            "language": letter.language,
            "created_by": letter.created_by,
            "created_at": at,
            "resend_of": letter.resend_of,
            "state": state.value,
            "reason": reason,
            "has_attachment": bool(letter.attachments),
            "is_complete": True,
            "tries": 0,
            "next_try_at": not_before,
            "updated_at": at,
        }
        if self._connection.execute(_adding(self._connection.dialect.name), row).first():
            self._add_recipients(letter_id, people, problems)
        return letter_id

    def _add_recipients(
        self, letter_id: str, people: tuple[Recipient, ...], problems: Mapping[str, str]
    ) -> None:
        rows = [
            _recipient_row(letter_id, position, person, "waiting", "")
            for position, person in enumerate(people)
        ]
        taken = {row["address_key"] for row in rows}
        for written, why in problems.items():
            kept = Recipient(address=one_line(written)[:254] or "(empty)")
            row = _recipient_row(letter_id, len(rows), kept, "failed", why)
            if row["address_key"] not in taken:
                taken.add(row["address_key"])
                rows.append(row)
        if rows:
            self._connection.execute(_ADDING_PEOPLE, rows)

    def find(self, letter_id: str) -> StoredLetter | None:
        """The letter with this id."""
        return self._one(letters.c.letter_id == letter_id)

    def find_by_key(self, dedupe_key: str) -> StoredLetter | None:
        """The letter about this."""
        return self._one(letters.c.dedupe_key == dedupe_key)

    def find_by_message_id(self, message_id: str) -> StoredLetter | None:
        """The letter a delivery report speaks of; `message_id` as in its head, or bare."""
        return self._one(letters.c.message_id == message_id.strip("<> ").partition("@")[0])

    def of_client(self, client_id: str, most: int = 50) -> list[StoredLetter]:
        """The newest letters about a client, newest first."""
        return stored(
            self._connection,
            select(letters)
            .where(letters.c.client_id == client_id)
            .order_by(letters.c.seq.desc())
            .limit(most),
        )

    def in_review(self) -> list[StoredLetter]:
        """Letters that wait for a person, oldest first."""
        waiting = letters.c.state == LetterState.REVIEW.value
        return stored(self._connection, select(letters).where(waiting).order_by(letters.c.seq))

    def release(self, letter_id: str, *, at: datetime) -> bool:
        """Let a letter that was held for review go. Returns: whether it was held."""
        released = self._from_review(letter_id, LetterState.QUEUED, at)
        if released:
            self._news.note(Happening(letter_id=letter_id, event=LetterEvent.RELEASED, at=at))
        return released

    def drop(self, letter_id: str, *, at: datetime) -> bool:
        """Decide not to send a letter that was held for review. Returns: whether it was held."""
        dropped = self._from_review(letter_id, LetterState.DROPPED, at)
        if dropped:
            self._news.note(Happening(letter_id=letter_id, event=LetterEvent.DROPPED, at=at))
        return dropped

    def _from_review(self, letter_id: str, state: LetterState, at: datetime) -> bool:
        return change(
            self._connection,
            and_(
                letters.c.letter_id == letter_id,
                letters.c.state == LetterState.REVIEW.value,
            ),
            state=state.value,
            updated_at=at,
        )

    def _one(self, which: ColumnElement[bool]) -> StoredLetter | None:
        found = stored(self._connection, select(letters).where(which))
        return found[0] if found else None


@functools.cache
def _adding(dialect: str) -> Executable:
    """The statement that adds a letter, once for each thing it tells of."""
    new = insert_for(dialect, letters).on_conflict_do_nothing(index_elements=["dedupe_key"])
    return new.returning(letters.c.seq)


def letter_id_of(dedupe_key: str) -> str:
    """The id of the letter about this; the same at every try."""
    return hashlib.sha256(f"letter:{dedupe_key}".encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _usable(
    recipients: tuple[Recipient, ...],
) -> tuple[tuple[Recipient, ...], dict[str, str]]:
    """Whom the letter can go to, each once; and the addresses that can't be used, with why."""
    people, problems = [], {}
    for one in recipients:
        try:
            address = checked_address(one.address)
        except Invalid as problem:
            problems[one.address] = str(problem)
            continue
        people.append(Recipient(address=address, name=one_line(one.name), role=one.role))
    return one_each(people), problems


def _first_state(
    letter: Letter, people: tuple[Recipient, ...], problems: Mapping[str, str]
) -> tuple[LetterState, str | None]:
    if not any(one.role is RecipientRole.TO for one in people):
        return LetterState.NO_RECIPIENT, next(iter(problems.values()), "Nobody to write to.")
    if len(people) > MOST_RECIPIENTS:
        return LetterState.FAILED, f"{MOST_RECIPIENTS} recipients are the most for one mail."
    if letter.needs_review:
        return LetterState.REVIEW, None
    return LetterState.QUEUED, None


def _recipient_row(
    letter_id: str, position: int, person: Recipient, state: str, detail: str
) -> dict[str, object]:
    return {
        "letter_id": letter_id,
        "address_key": person.address.casefold(),
        "position": position,
        "address": person.address,
        "name": person.name,
        "role": person.role.value,
        "state": state,
        "is_hard": False,
        "detail": detail,
    }
