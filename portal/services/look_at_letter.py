"""Look at a mail: what it said, to whom, and what was heard of it."""

from collections.abc import Callable
from dataclasses import dataclass, field

from portal.domain.errors import NotFound
from portal.domain.permissions import Principal
from portal.services.letter_access import SECRET_KINDS, reach_letter
from portal.services.mail_ports import Happening, StoredLetter
from portal.services.money_ports import ClientDirectory
from portal.services.ports import Store


@dataclass(frozen=True, kw_only=True)
class LookAtLetter:
    """The request."""

    actor: Principal
    letter_id: str


@dataclass(frozen=True, kw_only=True)
class LetterSeen:
    """A letter, what was heard of it, and the mail. `is_draft`: it has not been sent so yet."""

    stored: StoredLetter
    news: tuple[Happening, ...]
    raw: bytes = field(repr=False)
    is_draft: bool


def look_at_letter(
    command: LookAtLetter,
    *,
    store: Store,
    directory: ClientDirectory,
    kept: Callable[[str], bytes | None],
    draft: Callable[[StoredLetter], bytes],
) -> LetterSeen:
    """Find a letter and its mail: the one that was sent, else what would be sent now.

    Raises: Denied; NotFound, also for a mail whose link is its reader's alone.
    """
    with store.reading() as view:
        stored = reach_letter(view, command.letter_id, command.actor, directory)
        news = view.mail_news.of_letter(stored.letter_id)
    if stored.letter.kind in SECRET_KINDS:
        raise NotFound("This mail is for its reader alone; nobody else can open it.")
    raw = kept(stored.letter_id)
    return LetterSeen(
        stored=stored,
        news=tuple(news),
        raw=raw if raw is not None else draft(stored),
        is_draft=raw is None,
    )
