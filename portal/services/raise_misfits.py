"""Put receipts that do not fit their portal payments into the queue that somebody owns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from portal.services.payment_steps import raise_exception
from portal.services.ports import Clock, Store


@dataclass(frozen=True, kw_only=True)
class Misfit:
    """Something that does not fit, found by comparing. The subject tells it from others."""

    kind: str
    subject: str
    detail: Mapping[str, object] = field(default_factory=dict)


def raise_misfits(found: Sequence[Misfit], *, store: Store, clock: Clock) -> int:
    """Open what is new. What a person has resolved is not opened again while it stays the same.

    Returns: how many were opened.
    """
    with store.reading() as view:
        new = [each for each in found if not view.exceptions.has_been(each.kind, each.subject)]
    if not new:
        return 0
    with store.unit_of_work() as uow:
        for misfit in new:
            raise_exception(
                uow, misfit.kind, misfit.subject, at=clock(), detail=dict(misfit.detail)
            )
        uow.commit()
    return len(new)
