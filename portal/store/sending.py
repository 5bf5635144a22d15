"""Letters on their way out: which is next, and what became of it; each leaves once."""

from datetime import datetime

from sqlalchemy import Connection, and_, exists, or_, select, update

from portal.services.mail_ports import (
    WAITING,
    Happening,
    LetterEvent,
    LetterState,
    StoredLetter,
)
from portal.store.letter_rows import change, stored
from portal.store.mail_news import MailNewsRows
from portal.store.mail_tables import letter_recipients, letters

_WAITING = [state.value for state in WAITING]


class SendingRows:
    """The letters table, as the job that sends them sees it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._news = MailNewsRows(connection)

    def claim(
        self, *, worker: str, now: datetime, until: datetime, most: int = 20
    ) -> list[StoredLetter]:
        """Take the next letters to send, in order, for one worker until a moment.

        A letter is left while an earlier one to any of its people still waits.
        """
        earlier = letters.alias("earlier")
        mine, theirs = letter_recipients.alias("mine"), letter_recipients.alias("theirs")
        is_behind = exists().where(
            mine.c.letter_id == letters.c.letter_id,
            mine.c.state == "waiting",
            theirs.c.address_key == mine.c.address_key,
            earlier.c.letter_id == theirs.c.letter_id,
            earlier.c.state.in_(_WAITING),
            earlier.c.seq < letters.c.seq,
            # One that leaves on a later day keeps nobody waiting.
            or_(
                earlier.c.tries > 0,
                earlier.c.next_try_at.is_(None),
                earlier.c.next_try_at <= now,
            ),
        )
        found = stored(
            self._connection,
            select(letters)
            .where(
                letters.c.state == LetterState.QUEUED.value,
                or_(letters.c.next_try_at.is_(None), letters.c.next_try_at <= now),
                or_(letters.c.claimed_until.is_(None), letters.c.claimed_until <= now),
                ~is_behind,
            )
            .order_by(letters.c.seq)
            .limit(most)
            .with_for_update(skip_locked=True),
        )
        change(
            self._connection,
            letters.c.letter_id.in_([one.letter_id for one in found]),
            claimed_by=worker,
            claimed_until=until,
        )
        return found

    def composed(
        self, letter_id: str, *, subject: str, is_complete: bool, has_attachment: bool
    ) -> None:
        """Keep what the letter became when it was written out."""
        change(
            self._connection,
            letters.c.letter_id == letter_id,
            subject=subject,
            is_complete=is_complete,
            has_attachment=has_attachment,
        )

    def hand_over(self, letter_id: str, *, worker: str, now: datetime, until: datetime) -> bool:
        """Note, before the mail's text leaves, that it is leaving now.

        Returns: whether this worker may: False once its claim has passed to another.
        """
        return change(
            self._connection,
            and_(
                letters.c.letter_id == letter_id,
                letters.c.state == LetterState.QUEUED.value,
                letters.c.claimed_by == worker,
            ),
            state=LetterState.SENDING.value,
            claimed_until=until,
            updated_at=now,
        )

    def let_go(self, worker: str, *, reason: str, now: datetime) -> None:
        """Put back what a worker claimed and did not send; nobody is to blame for it."""
        change(
            self._connection,
            and_(letters.c.claimed_by == worker, letters.c.state == LetterState.QUEUED.value),
            reason=reason,
            claimed_by=None,
            claimed_until=None,
            updated_at=now,
        )

    def record_sent(self, letter_id: str, *, at: datetime) -> None:
        """The mail server took it, for everybody it was meant for or for some of them."""
        change(
            self._connection,
            letters.c.letter_id == letter_id,
            state=LetterState.SENT.value,
            tries=letters.c.tries + 1,
            reason=None,
            secret_link=None,
            sent_at=at,
            next_try_at=None,
            claimed_by=None,
            claimed_until=None,
            updated_at=at,
        )
        self._connection.execute(
            update(letter_recipients)
            .where(letter_recipients.c.letter_id == letter_id)
            .where(letter_recipients.c.state == "waiting")
            .values(state="sent")
        )
        self._news.note(Happening(letter_id=letter_id, event=LetterEvent.SENT, at=at))

    def try_later(self, letter_id: str, *, reason: str, now: datetime, at: datetime) -> None:
        """It certainly did not go out: try again at a moment."""
        change(
            self._connection,
            letters.c.letter_id == letter_id,
            state=LetterState.QUEUED.value,
            tries=letters.c.tries + 1,
            reason=reason,
            next_try_at=at,
            claimed_by=None,
            claimed_until=None,
            updated_at=now,
        )

    def record_failed(self, letter_id: str, *, reason: str, at: datetime) -> None:
        """It did not go out and will not be tried again."""
        self._end(letter_id, LetterState.FAILED, LetterEvent.FAILED, reason, at)

    def record_unsure(self, letter_id: str, *, reason: str, at: datetime) -> None:
        """Nobody knows whether it went out: it is not tried again by itself."""
        self._end(letter_id, LetterState.UNSURE, LetterEvent.UNSURE, reason, at)

    def _end(
        self, letter_id: str, state: LetterState, event: LetterEvent, reason: str, at: datetime
    ) -> None:
        change(
            self._connection,
            letters.c.letter_id == letter_id,
            state=state.value,
            reason=reason,
            secret_link=None,
            next_try_at=None,
            claimed_by=None,
            claimed_until=None,
            updated_at=at,
        )
        self._news.note(Happening(letter_id=letter_id, event=event, at=at, detail=reason))

    def handed_over_and_silent(self, now: datetime) -> list[StoredLetter]:
        """Letters that were leaving when their worker stopped."""
        return stored(
            self._connection,
            select(letters)
            .where(
                letters.c.state == LetterState.SENDING.value,
                letters.c.claimed_until <= now,
            )
            .order_by(letters.c.seq),
        )
