"""Take a promise back that was noted by mistake, or that another one replaces."""

from dataclasses import dataclass, replace

from portal.domain.errors import Invalid, NotFound
from portal.domain.permissions import Principal
from portal.services.collection_access import reach_client
from portal.services.collections_ports import Promise, PromiseState
from portal.services.money_ports import ClientDirectory
from portal.services.ports import Clock, Store


@dataclass(frozen=True, kw_only=True)
class WithdrawPromise:
    """The request."""

    actor: Principal
    promise_id: str


def withdraw_promise(
    command: WithdrawPromise, *, store: Store, directory: ClientDirectory, clock: Clock
) -> Promise:
    """End a promise without a verdict; it stays in the client's history.

    Raises: Denied; NotFound; Invalid for one that is no longer open.
    """
    with store.unit_of_work() as uow:
        promise = uow.promises.find(command.promise_id)
        if promise is None:
            raise NotFound("There is no such promise.")
        reach_client(command.actor, promise.client_id, directory)
        if promise.state is not PromiseState.OPEN:
            raise Invalid("Only an open promise can be withdrawn.")
        now = clock()
        done = replace(promise, state=PromiseState.WITHDRAWN, decided_at=now)
        uow.promises.save(done)
        uow.audit.append(
            at=now,
            actor=command.actor.user_key,
            action="promise.withdrawn",
            subject=promise.client_id,
            detail={"promise": promise.promise_id, "amount_cents": promise.amount_cents},
        )
        uow.commit()
    return done
