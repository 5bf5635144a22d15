"""Say who looks after something that does not fit: oneself, or a colleague."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from portal.domain.errors import Invalid, NotFound
from portal.domain.permissions import Group, Permission, Principal
from portal.services.payout_ports import NOBODYS, WorkException
from portal.services.ports import Clock, Store
from portal.services.staff_who_may import staff_who_may


@dataclass(frozen=True, kw_only=True)
class AssignException:
    """The request. `owner` is a user's key, or NOBODYS to put it back into the common queue."""

    actor: Principal
    exception_id: str
    owner: str


def assign_exception(
    command: AssignException, *, store: Store, clock: Clock, groups: Mapping[str, Group]
) -> WorkException:
    """Keep the owner, audited. Saying the same twice changes nothing.

    Raises: Denied; NotFound; Invalid once it is resolved, or for somebody who may not reconcile.
    """
    command.actor.require(Permission.RECONCILE)
    now = clock()
    with store.unit_of_work() as uow:
        found = uow.exceptions.find(command.exception_id)
        if found is None:
            raise NotFound("There is no such exception.")
        if found.resolved_at is not None:
            raise Invalid("Somebody has resolved this already.")
        may = staff_who_may(Permission.RECONCILE, uow, groups=groups, now=now)
        if command.owner not in (NOBODYS, *(user.user_key for user in may)):
            raise Invalid("Only somebody who may reconcile can look after this.")
        if found.owner == command.owner:
            return found
        given = replace(found, owner=command.owner)
        uow.exceptions.save(given)
        uow.audit.append(
            at=now, actor=command.actor.user_key, action="exception.assigned",
            subject=found.subject,
            detail={"kind": found.kind, "from": found.owner, "to": command.owner},
        )  # fmt: skip
        uow.commit()
    return given
