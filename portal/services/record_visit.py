"""Remember when a person looked at a page, to say what changed since."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.domain.permissions import Principal
from portal.services.ports import Clock, Store

SITTING = timedelta(minutes=30)
"""Looks closer together than this are one visit."""
NOTED = timedelta(minutes=1)
"""How exactly the last look is known; noting it costs a write."""


@dataclass(frozen=True, kw_only=True)
class RecordVisit:
    """The request. `page` is the page's URL path."""

    actor: Principal
    page: str


def record_visit(command: RecordVisit, *, store: Store, clock: Clock) -> datetime | None:
    """Note the visit. Returns: when the person's visit before this one ended; None if first."""
    now, user_key = clock(), command.actor.user_key
    with store.reading() as view:
        kept = view.visits.of_page(user_key, command.page)
    # Who looks as somebody else leaves no trace of a visit of theirs.
    if kept and (now - kept[1] < NOTED or command.actor.seen_by):
        return kept[0]
    if command.actor.seen_by:
        return None
    with store.unit_of_work() as uow:
        kept = uow.visits.of_page(user_key, command.page)
        previous, last = kept or (None, None)
        if last is not None and now - last >= SITTING:
            previous = last
        uow.visits.save(user_key, command.page, previous, now)
        uow.commit()
    return previous
