"""Cancel a plan: nothing is charged once the cancellation is saved."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from portal.domain.errors import Invalid
from portal.domain.free_text import FreeText, without_card_numbers
from portal.services.money_actors import actor_key
from portal.services.money_ports import ClientCard, ClientDirectory
from portal.services.money_requests import checked_text
from portal.services.plan_access import LONGEST_REASON, Actor, reach_plan
from portal.services.plan_news import audit_plan, tell_payer
from portal.services.plan_parts import CAN_CHANGE, UNDER_WAY
from portal.services.plan_ports import OccurrenceState, Plan, PlanState
from portal.services.ports import Clock, Store, UnitOfWork


@dataclass(frozen=True, kw_only=True)
class CancelPlan:
    """The request."""

    actor: Actor = field(repr=False)
    plan_id: str
    reason: FreeText = ""


@dataclass(frozen=True, kw_only=True)
class PlanCancelled:
    """The plan as it is now, and how many of its payments were under way already."""

    plan: Plan
    under_way: int


@without_card_numbers
def cancel_plan(
    command: CancelPlan, *, store: Store, directory: ClientDirectory, clock: Clock
) -> PlanCancelled:
    """Stop a plan for good. A payment that the gateway has already is not taken back.

    Raises: Denied, NotFound; Invalid for a plan that is over.
    """
    reason = checked_text(command.reason, longest=LONGEST_REASON)
    now, actor = clock(), actor_key(command.actor)
    with store.unit_of_work() as uow:
        uow.payments.serialize()
        plan, client = reach_plan(command.actor, command.plan_id, uow, directory)
        if plan.state is PlanState.CANCELLED:
            return PlanCancelled(plan=plan, under_way=_under_way(uow, plan))
        if plan.state is PlanState.ENDED:
            raise Invalid("This plan is over already.")
        ended = end_plan(uow, plan, PlanState.CANCELLED, client, reason, actor=actor, now=now)
        under_way = _under_way(uow, plan)
        uow.commit()
    return PlanCancelled(plan=ended, under_way=under_way)


def end_plan(
    uow: UnitOfWork,
    plan: Plan,
    state: PlanState,
    client: ClientCard,
    reason: str,
    *,
    actor: str,
    now: datetime,
) -> Plan:
    """Let a plan be over, within a transaction: what has not been charged never is."""
    for each in uow.occurrences.of_plan(plan.plan_id):
        if each.state in CAN_CHANGE and each.state is not OccurrenceState.FAILED:
            uow.occurrences.save(replace(each, state=OccurrenceState.CANCELLED, next_try_at=None))
    ended = replace(plan, state=state, paused_reason=None, updated_at=now)
    uow.plans.save(ended)
    event = "cancelled" if state is PlanState.CANCELLED else "ended"
    audit_plan(uow, event, ended, actor=actor, now=now, detail={"reason": reason})
    tell_payer(uow, ended, client, event, [reason] if reason else [], now=now, key=event)
    return ended


def _under_way(uow: UnitOfWork, plan: Plan) -> int:
    return sum(each.state in UNDER_WAY for each in uow.occurrences.of_plan(plan.plan_id))
