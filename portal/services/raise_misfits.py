"""Put receipts that do not fit their portal payments into the queue that somebody owns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from portal.services.payment_steps import raise_exception
from portal.services.payout_ports import MOVED
from portal.services.ports import Clock, Store, UnitOfWork

MOVED_WITHIN = timedelta(days=7)
"""So long a bookkeeper has for posting a transfer."""
_OF_MOVES = ("posted_to_another_client", "posted_twice")


@dataclass(frozen=True, kw_only=True)
class Misfit:
    """Something that does not fit, found by comparing. The subject tells it from others."""

    kind: str
    subject: str
    detail: Mapping[str, object] = field(default_factory=dict)


def raise_misfits(found: Sequence[Misfit], *, store: Store, clock: Clock) -> int:
    """Open what is new. What a person has resolved is not opened again while it stays the same.

    What a payment file has told the bookkeeper to move is given the time to be moved.
    Returns: how many were opened.
    """
    now = clock()
    with store.reading() as view:
        new = [
            each
            for each in found
            if not view.exceptions.has_been(each.kind, each.subject)
            and not _is_being_moved(view, each, now)
        ]
    if not new:
        return 0
    with store.unit_of_work() as uow:
        for misfit in new:
            raise_exception(uow, misfit.kind, misfit.subject, at=now, detail=dict(misfit.detail))
        uow.commit()
    return len(new)


def _is_being_moved(view: UnitOfWork, misfit: Misfit, now: datetime) -> bool:
    if misfit.kind not in _OF_MOVES:
        return False
    item = view.payments.item(misfit.subject.partition(" ")[0])
    steps = view.payments.events(item.payment_id) if item else []
    return any(step.reason == MOVED and now - step.at < MOVED_WITHIN for step in steps)
