"""Pause a plan: it charges nothing until it is resumed."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from portal.domain.errors import Invalid
from portal.domain.free_text import FreeText, without_card_numbers
from portal.services.money_actors import actor_key
from portal.services.money_ports import ClientCard, ClientDirectory
from portal.services.money_requests import checked_text
from portal.services.plan_access import LONGEST_REASON, Actor, reach_plan
from portal.services.plan_news import audit_plan, tell_payer
from portal.services.plan_ports import Plan, PlanState
from portal.services.ports import Clock, Store, UnitOfWork


@dataclass(frozen=True, kw_only=True)
class PausePlan:
    """The request."""

    actor: Actor = field(repr=False)
    plan_id: str
    reason: FreeText = ""


@without_card_numbers
def pause_plan(
    command: PausePlan, *, store: Store, directory: ClientDirectory, clock: Clock
) -> Plan:
    """Stop charging until the plan is resumed. Pausing twice is pausing once.

    Raises: Denied, NotFound; Invalid for a plan that is over.
    """
    reason = checked_text(command.reason, longest=LONGEST_REASON)
    now, actor = clock(), actor_key(command.actor)
    with store.unit_of_work() as uow:
        uow.payments.serialize()
        plan, client = reach_plan(command.actor, command.plan_id, uow, directory)
        if plan.state is PlanState.PAUSED:
            return plan
        if plan.state is not PlanState.ACTIVE:
            raise Invalid("This plan is over; it can't be paused.")
        paused = put_on_hold(uow, plan, client, reason, actor=actor, now=now)
        uow.commit()
    return paused


def put_on_hold(
    uow: UnitOfWork, plan: Plan, client: ClientCard, reason: str, *, actor: str, now: datetime
) -> Plan:
    """Pause a plan within a transaction, and tell the payer why."""
    paused = replace(plan, state=PlanState.PAUSED, paused_reason=reason or None, updated_at=now)
    uow.plans.save(paused)
    audit_plan(uow, "paused", paused, actor=actor, now=now, detail={"reason": reason})
    lines = [reason] if reason else []
    tell_payer(uow, paused, client, "paused", lines, now=now, key=f"paused:{now.isoformat()}")
    return paused
