"""What a run does with plan payments that it does not charge: missed, nothing owed, impossible."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from portal.services.job_ports import Guard
from portal.services.money_ports import ClientCard
from portal.services.pause_plan import put_on_hold
from portal.services.payment_steps import raise_exception
from portal.services.plan_access import PlanPolicy
from portal.services.plan_amounts import Charge, charge_of
from portal.services.plan_news import alert_staff, audit_plan
from portal.services.plan_ports import Occurrence, OccurrenceState, Plan, PlanKind, PlanState
from portal.services.ports import UnitOfWork
from portal.services.settle_occurrences import SYSTEM, go_on_after
from portal.services.till import Till


def miss(
    late: Sequence[Occurrence], plan: Plan, client: ClientCard, till: Till, guard: Guard
) -> int:
    """Several payments of a plan are due at once: a person says what becomes of the others."""
    now = till.clock()
    with till.store.unit_of_work() as uow:
        uow.payments.serialize()
        guard(uow)
        missed = 0
        for each in late:
            if uow.occurrences.find(each.occurrence_id) != each:
                continue
            uow.occurrences.save(replace(each, state=OccurrenceState.MISSED, next_try_at=None))
            raise_exception(
                uow, "plan_payment_missed", each.occurrence_id, at=now,
                detail={"plan": plan.plan_id, "due_date": each.due_date.isoformat()},
            )  # fmt: skip
            missed += 1
        if missed:
            audit_plan(uow, "payments_missed", plan, actor=SYSTEM, now=now,
                       detail={"numbers": [each.number for each in late]})  # fmt: skip
            alert_staff(
                uow, client, f"{missed} payment(s) of {client.client_name} were missed",
                [f"Plan: {plan.name}", "Open the plan and charge or skip them."],
                now=now, key=f"plan-missed:{late[-1].occurrence_id}",
            )  # fmt: skip
        uow.commit()
    return missed


def let_pass(
    occurrence: Occurrence,
    plan: Plan,
    client: ClientCard,
    till: Till,
    policy: PlanPolicy,
    guard: Guard,
) -> int:
    """Nothing is owed: the payment is skipped and the plan goes on, or is over."""
    today = policy.today(till.clock())
    with till.store.unit_of_work() as uow:
        uow.payments.serialize()
        guard(uow)
        found = uow.plans.find(plan.plan_id)
        still = uow.occurrences.find(occurrence.occurrence_id) == occurrence
        if (
            not still
            or found is None
            or _pays(charge_of(uow, found, occurrence, today, policy.buffer_days))
        ):
            return 0
        state = OccurrenceState.SKIPPED
        if plan.kind is PlanKind.INSTALLMENT:
            state = OccurrenceState.CANCELLED
        uow.occurrences.save(replace(occurrence, state=state, next_try_at=None))
        audit_plan(uow, "nothing_owed", plan, actor=SYSTEM, now=till.clock(),
                   detail={"number": occurrence.number})  # fmt: skip
        go_on_after(uow, plan.plan_id, client, till.clock(), policy)
        uow.commit()
    return 1


def wait_for_dispute(
    occurrence: Occurrence,
    plan: Plan,
    client: ClientCard,
    till: Till,
    policy: PlanPolicy,
    guard: Guard,
) -> int:
    """An installment would pay a disputed invoice: the plan waits, and payer and firm hear why."""
    now = till.clock()
    with till.store.unit_of_work() as uow:
        uow.payments.serialize()
        guard(uow)
        found = uow.plans.find(plan.plan_id)
        still = uow.occurrences.find(occurrence.occurrence_id) == occurrence
        if not still or found is None or found.state is not PlanState.ACTIVE:
            return 0
        charge = charge_of(uow, found, occurrence, policy.today(now), policy.buffer_days)
        if not charge.waits_for:
            return 0
        numbers = ", ".join(charge.waits_for)
        reason = f"Disputed: invoice {numbers}. Resume the plan when the dispute is settled."
        _hold(uow, found, client, reason, now)
        uow.commit()
    return 1


def hold_plan(plan: Plan, client: ClientCard, reason: str, till: Till, guard: Guard) -> None:
    """The payment can't even be begun, as when its method was removed: the plan waits."""
    now = till.clock()
    with till.store.unit_of_work() as uow:
        uow.payments.serialize()
        guard(uow)
        found = uow.plans.find(plan.plan_id)
        if found is None or found.state is not PlanState.ACTIVE:
            return
        _hold(uow, found, client, reason, now)
        uow.commit()


def _hold(uow: UnitOfWork, plan: Plan, client: ClientCard, reason: str, now: datetime) -> None:
    put_on_hold(uow, plan, client, reason, actor=SYSTEM, now=now)
    alert_staff(
        uow, client, f"A payment of {client.client_name} could not be made",
        [f"Plan: {plan.name}", reason],
        now=now, key=f"plan-held:{plan.plan_id}:{now.isoformat()}",
    )  # fmt: skip


def _pays(charge: Charge) -> bool:
    return bool(charge.cents or charge.waits_for)
