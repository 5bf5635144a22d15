"""Change one payment of a plan: its amount, its date or its method; the plan stays as it is."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from portal.domain.errors import Invalid
from portal.domain.money import MOST_CENTS
from portal.services.money_actors import actor_key
from portal.services.money_ports import ClientDirectory
from portal.services.plan_access import (
    Actor,
    PlanPolicy,
    reach_plan,
    usable_method,
)
from portal.services.plan_news import audit_plan, day_words, tell_payer
from portal.services.plan_parts import CAN_CHANGE, coming, left_of_total, one_more
from portal.services.plan_ports import Occurrence, OccurrenceState, Plan, PlanKind
from portal.services.ports import Clock, Store, UnitOfWork
from portal.services.skip_occurrence import check_can_change, open_occurrence


@dataclass(frozen=True, kw_only=True)
class ChangeOccurrence:
    """The request; what is None stays. A missed or failed one is scheduled again by a date."""

    actor: Actor = field(repr=False)
    occurrence_id: str
    amount_cents: int | None = None
    due_date: date | None = None
    method_id: str | None = None


def change_occurrence(
    command: ChangeOccurrence,
    *,
    store: Store,
    directory: ClientDirectory,
    clock: Clock,
    policy: PlanPolicy,
) -> Occurrence:
    """Change one payment. What is taken from an installment, or added, the last one balances.

    A plan towards a total keeps its total: its last payments give way, or others follow.

    Raises: Denied, NotFound; Invalid for one that was charged, or for AutoPay's amount.
    """
    now, actor = clock(), actor_key(command.actor)
    today = policy.today(now)
    with store.unit_of_work() as uow:
        uow.payments.serialize()
        occurrence, plan = open_occurrence(uow, command.occurrence_id)
        plan, client = reach_plan(command.actor, plan.plan_id, uow, directory)
        check_can_change(plan, occurrence)
        if command.due_date is not None and command.due_date < today:
            raise Invalid("The new date can't be in the past.")
        if command.method_id is not None:
            usable_method(uow, command.actor, plan.client_id, command.method_id, today)
        if command.amount_cents is not None:
            _balance(uow, plan, occurrence, command.amount_cents, policy)
        changed = _changed(occurrence, command, policy)
        uow.occurrences.save(changed)
        if plan.total_cents and plan.kind is PlanKind.RECURRING:
            _keep_total(uow, plan, changed, today, policy)
        audit_plan(
            uow, "payment_changed", plan, actor=actor, now=now,
            detail={
                "number": occurrence.number,
                "before": {"due": occurrence.due_date, "cents": occurrence.amount_cents},
                "after": {"due": changed.due_date, "cents": changed.amount_cents},
                "method": changed.method_id,
            },
        )  # fmt: skip
        line = f"The payment of {day_words(occurrence.due_date)} was changed."
        key = f"changed:{occurrence.number}:{now.isoformat()}"
        tell_payer(uow, plan, client, "changed", [line], now=now, key=key)
        uow.commit()
    return changed


def _changed(occurrence: Occurrence, command: ChangeOccurrence, policy: PlanPolicy) -> Occurrence:
    due = command.due_date and policy.days.on_or_after(command.due_date)
    is_dated_anew = due is not None and occurrence.state is not OccurrenceState.SCHEDULED
    return replace(
        occurrence,
        amount_cents=command.amount_cents or occurrence.amount_cents,
        due_date=due or occurrence.due_date,
        method_id=command.method_id or occurrence.method_id,
        state=OccurrenceState.SCHEDULED if is_dated_anew else occurrence.state,
        next_try_at=None if due else occurrence.next_try_at,
    )


def _balance(
    uow: UnitOfWork, plan: Plan, occurrence: Occurrence, cents: int, policy: PlanPolicy
) -> None:
    """Keep the sum of an installment plan: the last installment takes the difference."""
    if plan.kind is PlanKind.AUTOPAY:
        raise Invalid("AutoPay pays what is posted; its amount can't be set. Set a maximum.")
    if not 0 < cents <= MOST_CENTS:
        raise Invalid("The amount must be more than zero.")
    if plan.kind is not PlanKind.INSTALLMENT:
        return
    have = uow.occurrences.of_plan(plan.plan_id)
    difference = (occurrence.amount_cents or 0) - cents
    last = _last_other(have, occurrence)
    if last is None:
        if difference < 0:
            raise Invalid("This is the last installment; it can't take more than is left.")
        if difference > 0:
            uow.occurrences.add([one_more(plan, have, difference, policy.days)])
        return
    balanced = (last.amount_cents or 0) + difference
    if balanced <= 0:
        raise Invalid("The last installment would be nothing. Choose a smaller amount.")
    uow.occurrences.save(replace(last, amount_cents=balanced))


def _keep_total(
    uow: UnitOfWork, plan: Plan, changed: Occurrence, today: date, policy: PlanPolicy
) -> None:
    """Take what is too much from the last payments, or let others follow for what is missing."""
    have = uow.occurrences.of_plan(plan.plan_id)
    too_much = -left_of_total(plan, have)
    while too_much > 0:
        last = _last_other(have, changed)
        if last is None:
            raise Invalid("That is more than is left of the plan's total.")
        cents = last.amount_cents or 0
        if cents > too_much:
            given = replace(last, amount_cents=cents - too_much)
        else:
            given = replace(last, state=OccurrenceState.CANCELLED, next_try_at=None)
        uow.occurrences.save(given)
        have = uow.occurrences.of_plan(plan.plan_id)
        too_much = -left_of_total(plan, have)
    uow.occurrences.add(coming(plan, have, today, policy.days, policy.buffer_days))


def _last_other(have: Sequence[Occurrence], occurrence: Occurrence) -> Occurrence | None:
    others = [
        each
        for each in have
        if each.state in CAN_CHANGE
        and each.state is not OccurrenceState.FAILED
        and each.number != occurrence.number
    ]
    return max(others, key=lambda each: each.number, default=None)
