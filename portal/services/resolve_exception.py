"""Say how something that did not fit was put right."""

from dataclasses import dataclass, replace

from portal.domain.errors import Invalid, NotFound
from portal.domain.free_text import FreeText, without_card_numbers
from portal.domain.permissions import Permission, Principal
from portal.services.payout_ports import WorkException
from portal.services.ports import Clock, Store

MOST_TEXT = 1_000


@dataclass(frozen=True, kw_only=True)
class ResolveException:
    """The request."""

    actor: Principal
    exception_id: str
    resolution: FreeText


@without_card_numbers
def resolve_exception(command: ResolveException, *, store: Store, clock: Clock) -> WorkException:
    """Take it out of the queue, with who did it and how.

    Raises: Denied; NotFound; Invalid without words or when it is resolved already.
    """
    command.actor.require(Permission.RECONCILE)
    words = command.resolution.strip()
    if not words or len(words) > MOST_TEXT:
        raise Invalid("Say in up to 1,000 characters how it was put right.")
    with store.unit_of_work() as uow:
        found = uow.exceptions.find(command.exception_id)
        if found is None:
            raise NotFound("There is no such exception.")
        if found.resolved_at is not None:
            raise Invalid("Somebody has resolved this already.")
        done = replace(
            found,
            resolved_at=clock(),
            resolved_by=command.actor.user_key,
            resolution=words,
        )
        uow.exceptions.save(done)
        uow.audit.append(
            at=clock(), actor=command.actor.user_key, action="exception.resolved",
            subject=found.subject, detail={"kind": found.kind, "resolution": words},
        )  # fmt: skip
        uow.commit()
    return done
