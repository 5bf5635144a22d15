"""Write down something about a client: a note, or a call and how it went."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from portal.domain.errors import Invalid
from portal.domain.free_text import FreeText, without_card_numbers
from portal.domain.permissions import Principal
from portal.services.collection_access import LONGEST_TEXT, checked_text, reach_client
from portal.services.collections_ports import Note, NoteKind, WorklistMark
from portal.services.money_ports import ClientDirectory
from portal.services.ports import Clock, Store, UnitOfWork

OUTCOMES = {
    "spoke": "Spoke to somebody",
    "voicemail": "Left a message",
    "no_answer": "No answer",
    "wrong_number": "Wrong number",
}
"""How a call can go, as the list says it."""


@dataclass(frozen=True, kw_only=True)
class AddNote:
    """The request. With an `outcome` it is a call."""

    actor: Principal
    client_id: str
    text: FreeText
    outcome: str | None = None


@without_card_numbers
def add_note(
    command: AddNote,
    *,
    store: Store,
    directory: ClientDirectory,
    clock: Clock,
    today: Callable[[datetime], date],
) -> Note:
    """Keep a note for good; a call also moves the client's last contact.

    Raises: Denied; NotFound; Invalid for an empty text or an unknown outcome.
    """
    reach_client(command.actor, command.client_id, directory)
    if command.outcome is not None and command.outcome not in OUTCOMES:
        raise Invalid("Say how the call went.")
    is_call = command.outcome is not None
    text = command.text.strip()
    if not is_call or text:
        text = checked_text(text, "a note", LONGEST_TEXT)
    now = clock()
    note = Note(
        note_id=uuid.uuid4().hex,
        client_id=command.client_id,
        kind=NoteKind.CALL if is_call else NoteKind.NOTE,
        outcome=command.outcome,
        text=text,
        author=command.actor.user_key,
        author_name=command.actor.full_name,
        at=now,
    )
    with store.unit_of_work() as uow:
        uow.notes.add(note)
        if is_call:
            mark = mark_of(uow, command.client_id, now)
            uow.marks.save(replace(mark, last_contact_on=today(now), updated_at=now))
        uow.commit()
    return note


def mark_of(uow: UnitOfWork, client_id: str, now: datetime) -> WorklistMark:
    """How a client stands on the worklist; a blank mark where nobody has touched it."""
    return uow.marks.find(client_id) or WorklistMark(client_id=client_id, updated_at=now)
