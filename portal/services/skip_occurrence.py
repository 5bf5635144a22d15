"""Skip one payment of a plan: the plan goes on without it, or with it at the end."""

from dataclasses import dataclass, field, replace

from portal.domain.errors import Invalid, NotFound
from portal.services.money_actors import actor_key
from portal.services.money_ports import ClientDirectory
from portal.services.plan_access import Actor, PlanPolicy, reach_plan
from portal.services.plan_news import audit_plan, day_words, tell_payer
from portal.services.plan_parts import CAN_CHANGE, coming, one_more
from portal.services.plan_ports import Occurrence, OccurrenceState, Plan, PlanKind, PlanState
from portal.services.ports import Clock, Store, UnitOfWork


@dataclass(frozen=True, kw_only=True)
class SkipOccurrence:
    """The request."""

    actor: Actor = field(repr=False)
    occurrence_id: str


def skip_occurrence(
    command: SkipOccurrence,
    *,
    store: Store,
    directory: ClientDirectory,
    clock: Clock,
    policy: PlanPolicy,
) -> Occurrence:
    """Leave one payment out. An installment moves to the end: the plan's sum stays the same.

    Raises: Denied, NotFound; Invalid for one that was charged or is being charged.
    """
    now, actor = clock(), actor_key(command.actor)
    today = policy.today(now)
    with store.unit_of_work() as uow:
        uow.payments.serialize()
        occurrence, plan = open_occurrence(uow, command.occurrence_id)
        plan, client = reach_plan(command.actor, plan.plan_id, uow, directory)
        if occurrence.state is OccurrenceState.SKIPPED:
            return occurrence
        check_can_change(plan, occurrence)
        skipped = replace(occurrence, state=OccurrenceState.SKIPPED, next_try_at=None)
        uow.occurrences.save(skipped)
        have = uow.occurrences.of_plan(plan.plan_id)
        if plan.kind is PlanKind.INSTALLMENT:
            later = [one_more(plan, have, occurrence.amount_cents or 0, policy.days)]
        else:
            later = coming(plan, have, today, policy.days, policy.buffer_days)
        uow.occurrences.add(later)
        audit_plan(
            uow, "payment_skipped", plan, actor=actor, now=now,
            detail={"number": occurrence.number, "due_date": occurrence.due_date.isoformat()},
        )  # fmt: skip
        line = f"The payment of {day_words(occurrence.due_date)} is skipped."
        key = f"skipped:{occurrence.number}"
        tell_payer(uow, plan, client, "changed", [line], now=now, key=key)
        uow.commit()
    return skipped


def open_occurrence(uow: UnitOfWork, occurrence_id: str) -> tuple[Occurrence, Plan]:
    """The occurrence and its plan.

    Raises: NotFound.
    """
    occurrence = uow.occurrences.find(occurrence_id)
    plan = uow.plans.find(occurrence.plan_id) if occurrence else None
    if occurrence is None or plan is None:
        raise NotFound("There is no such payment of a plan.")
    return occurrence, plan


def check_can_change(plan: Plan, occurrence: Occurrence) -> None:
    """Go on only with a payment that is neither charged nor being charged.

    Raises: Invalid.
    """
    if plan.state not in (PlanState.ACTIVE, PlanState.PAUSED):
        raise Invalid("This plan is over; nothing of it can be changed.")
    if occurrence.state not in CAN_CHANGE:
        raise Invalid("This payment is charged, or being charged, already.")
