"""What is heard of letters after they left: deliveries, bounces, clicks; nothing is forgotten."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, Row, and_, func, select, update

from portal.services.mail_ports import Happening, LetterEvent, LetterState
from portal.store.letter_rows import change
from portal.store.mail_tables import letter_events, letter_recipients, letters

_BOUNCES = (LetterEvent.BOUNCED_HARD, LetterEvent.BOUNCED_SOFT)
_OUT = [state.value for state in (LetterState.SENDING, LetterState.SENT, LetterState.UNSURE)]
_FIRST = {
    LetterEvent.DELIVERED: letters.c.delivered_at,
    LetterEvent.BOUNCED_HARD: letters.c.bounced_at,
    LetterEvent.BOUNCED_SOFT: letters.c.bounced_at,
    LetterEvent.OPENED: letters.c.opened_at,
    LetterEvent.CLICKED: letters.c.clicked_at,
}


class MailNewsRows:
    """The letter_events table, and what it means for letters and recipients."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def note(self, happening: Happening) -> None:
        """Keep what was heard, and what it means for the letter and the person it speaks of."""
        self._connection.execute(
            letter_events.insert().values(
                letter_id=happening.letter_id,
                event=happening.event.value,
                at=happening.at,
                address=happening.address,
                detail=happening.detail,
            )
        )
        mine = letters.c.letter_id == happening.letter_id
        change(self._connection, mine, updated_at=happening.at)
        if (first := _FIRST.get(happening.event)) is not None:
            change(self._connection, and_(mine, first.is_(None)), **{first.name: happening.at})
        if happening.event in _BOUNCES:
            self._bounced(happening)
        elif happening.event is LetterEvent.DELIVERED:
            self._delivered(happening)

    def _bounced(self, happening: Happening) -> None:
        self._mark_people(happening, "bounced", is_hard=happening.event is LetterEvent.BOUNCED_HARD)
        change(
            self._connection,
            and_(
                letters.c.letter_id == happening.letter_id,
                letters.c.state.in_([*_OUT, LetterState.DELIVERED.value]),
            ),
            state=LetterState.BOUNCED.value,
            reason=happening.detail or None,
        )

    def _delivered(self, happening: Happening) -> None:
        self._mark_people(happening, "delivered", is_hard=False)
        still_out = self._connection.execute(
            select(func.count())
            .select_from(letter_recipients)
            .where(letter_recipients.c.letter_id == happening.letter_id)
            .where(letter_recipients.c.state.in_(["waiting", "sent"]))
        ).scalar_one()
        if not still_out:
            change(
                self._connection,
                and_(letters.c.letter_id == happening.letter_id, letters.c.state.in_(_OUT)),
                state=LetterState.DELIVERED.value,
                reason=None,
            )

    def _mark_people(self, happening: Happening, state: str, *, is_hard: bool) -> None:
        """Mark the person a report names, or everybody where it names nobody."""
        marking = update(letter_recipients).where(
            letter_recipients.c.letter_id == happening.letter_id
        )
        if happening.address is not None:
            key = happening.address.casefold()
            marking = marking.where(letter_recipients.c.address_key == key)
        self._connection.execute(
            marking.values(state=state, is_hard=is_hard, detail=happening.detail)
        )

    def of_letter(self, letter_id: str) -> list[Happening]:
        """What was heard of a letter, oldest first."""
        found = self._connection.execute(
            select(letter_events)
            .where(letter_events.c.letter_id == letter_id)
            .order_by(letter_events.c.event_id)
        )
        return [_happening(row) for row in found]

    def since(self, start: datetime, events: Iterable[LetterEvent]) -> list[Happening]:
        """What was heard of any letter since a moment, oldest first."""
        wanted = [event.value for event in events]
        found = self._connection.execute(
            select(letter_events)
            .where(letter_events.c.at >= start, letter_events.c.event.in_(wanted))
            .order_by(letter_events.c.event_id)
        )
        return [_happening(row) for row in found]

    def hard_bounced(self, addresses: Iterable[str]) -> set[str]:
        """Those of these addresses whose newest mail came back for good; in lower case."""
        wanted = sorted({address.casefold() for address in addresses})
        newest = (
            select(letter_recipients.c.address_key, func.max(letters.c.seq).label("seq"))
            .join(letters, letters.c.letter_id == letter_recipients.c.letter_id)
            .where(letter_recipients.c.address_key.in_(wanted))
            .where(letter_recipients.c.state.in_(["delivered", "bounced"]))
            .group_by(letter_recipients.c.address_key)
            .subquery()
        )
        found = self._connection.execute(
            select(letter_recipients.c.address_key)
            .join(letters, letters.c.letter_id == letter_recipients.c.letter_id)
            .join(
                newest,
                and_(
                    newest.c.address_key == letter_recipients.c.address_key,
                    newest.c.seq == letters.c.seq,
                ),
            )
            .where(letter_recipients.c.state == "bounced", letter_recipients.c.is_hard)
        )
        return set(found.scalars())


def _happening(row: Row) -> Happening:
    return Happening(
        letter_id=row.letter_id,
        event=LetterEvent(row.event),
        at=row.at,
        address=row.address,
        detail=row.detail,
    )
