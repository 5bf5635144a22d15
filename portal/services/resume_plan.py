"""Resume a paused plan: it goes on from today, and never charges for the time it was paused."""

from dataclasses import dataclass, field, replace
from datetime import date

from portal.domain.errors import Invalid
from portal.services.money_actors import actor_key
from portal.services.money_ports import ClientDirectory
from portal.services.plan_access import (
    Actor,
    PlanPolicy,
    reach_plan,
    usable_method,
)
from portal.services.plan_news import audit_plan, day_words, tell_payer
from portal.services.plan_parts import coming, redated
from portal.services.plan_ports import Occurrence, OccurrenceState, Plan, PlanKind, PlanState
from portal.services.ports import Clock, Store, UnitOfWork


@dataclass(frozen=True, kw_only=True)
class ResumePlan:
    """The request. With a `method_id` the plan charges that method from now on."""

    actor: Actor = field(repr=False)
    plan_id: str
    method_id: str | None = None


def resume_plan(
    command: ResumePlan,
    *,
    store: Store,
    directory: ClientDirectory,
    clock: Clock,
    policy: PlanPolicy,
) -> Plan:
    """Let a paused plan charge again. Its method must work, and be authorized.

    Raises: Denied, NotFound; Invalid for a plan that is not paused.
    """
    now, actor = clock(), actor_key(command.actor)
    today = policy.today(now)
    with store.unit_of_work() as uow:
        uow.payments.serialize()
        plan, client = reach_plan(command.actor, command.plan_id, uow, directory)
        if plan.state is PlanState.ACTIVE:
            return plan
        if plan.state is not PlanState.PAUSED:
            raise Invalid("This plan is over; start a new one.")
        method_id = command.method_id or plan.method_id
        usable_method(uow, command.actor, plan.client_id, method_id, today)
        resumed = replace(
            plan, state=PlanState.ACTIVE, paused_reason=None, method_id=method_id, updated_at=now
        )
        uow.plans.save(resumed)
        following = go_on(uow, resumed, today, policy)
        audit_plan(uow, "resumed", resumed, actor=actor, now=now, detail={"method": method_id})
        lines = [f"Next payment: {day_words(following.due_date)}"] if following else []
        key = f"resumed:{now.isoformat()}"
        tell_payer(uow, resumed, client, "resumed", lines, now=now, key=key)
        uow.commit()
    return resumed


def go_on(uow: UnitOfWork, plan: Plan, today: date, policy: PlanPolicy) -> Occurrence | None:
    """Settle what fell into the pause: installments move on, other payments are skipped.

    Returns: the next payment.
    """
    everything = uow.occurrences.of_plan(plan.plan_id)
    waiting = [each for each in everything if each.state is OccurrenceState.SCHEDULED]
    late = [each for each in waiting if each.due_date < today]
    if late and plan.kind is PlanKind.INSTALLMENT:
        for moved in redated(plan, waiting, today, policy.days):
            uow.occurrences.save(replace(moved, next_try_at=None))
    elif late:
        for each in late:
            uow.occurrences.save(replace(each, state=OccurrenceState.SKIPPED, next_try_at=None))
    have = uow.occurrences.of_plan(plan.plan_id)
    uow.occurrences.add(coming(plan, have, today, policy.days, policy.buffer_days))
    have = uow.occurrences.of_plan(plan.plan_id)
    waiting = [each for each in have if each.state is OccurrenceState.SCHEDULED]
    return min(waiting, key=lambda each: each.due_date, default=None)
