"""Remove a saved method: it is never charged again, here or at the gateway."""

import contextlib
from dataclasses import dataclass, replace
from datetime import datetime

from portal.domain.errors import PortalError
from portal.domain.permissions import Permission
from portal.failpoints import failpoint
from portal.services.gateway import Gateway, GatewayBusy, GatewayRefused, GatewayUnsure
from portal.services.money_actors import Actor, actor_key, reach_client, reach_method
from portal.services.money_ports import ClientDirectory, PaymentMethod
from portal.services.plan_ports import PlanState
from portal.services.ports import Clock, Store, UnitOfWork


class MethodInUse(PortalError):
    """A running plan charges this method."""


@dataclass(frozen=True, kw_only=True)
class RemoveMethod:
    """The request."""

    actor: Actor
    method_id: str


def remove_method(
    command: RemoveMethod,
    *,
    store: Store,
    gateway: Gateway,
    directory: ClientDirectory,
    clock: Clock,
) -> PaymentMethod:
    """Remove it here first, so that nothing charges it while the gateway is told.

    Raises: Denied, NotFound; MethodInUse with the plans that would stop.
    """
    with store.unit_of_work() as uow:
        uow.payments.serialize()
        method = reach_method(command.actor, uow.methods.find(command.method_id))
        reach_client(command.actor, Permission.SAVE_METHOD, method.client_id, directory)
        running = [
            plan.name
            for plan in uow.plans.with_method(method.method_id)
            if plan.state in (PlanState.ACTIVE, PlanState.PAUSED)
        ]
        if running:
            raise MethodInUse(
                f"{', '.join(running)} charges this method. Give the plan another one, or "
                "cancel it, first."
            )
        if method.state != "removed":
            method = end_method(uow, method, actor=actor_key(command.actor), now=clock())
            uow.commit()
    failpoint("remove_method.marked")
    # Removed here is removed: if the gateway does not hear it now, nothing charges it all the same.
    with contextlib.suppress(GatewayUnsure, GatewayBusy, GatewayRefused):
        gateway.detach_method(method.gateway_ref)
    failpoint("remove_method.detached")
    return method


def end_method(
    uow: UnitOfWork, method: PaymentMethod, *, actor: str, now: datetime
) -> PaymentMethod:
    """Keep that a method is removed; the mandate to debit it ends with it."""
    ended = replace(method, state="removed", removed_at=now)
    uow.methods.save(ended)
    uow.mandates.revoke(method.method_id, "removed", now)
    uow.audit.append(
        at=now, actor=actor, action="method.removed", subject=method.method_id,
        detail={"client": method.client_id},
    )  # fmt: skip
    return ended
