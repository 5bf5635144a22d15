"""Edit a plan: its name, method, receipts, amount or limits, from the next payment on."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from portal.domain.errors import Invalid
from portal.domain.free_text import FreeText, without_card_numbers
from portal.domain.schedules import first_autopay, next_autopay, recurring
from portal.services.money_actors import actor_key
from portal.services.money_ports import ClientDirectory
from portal.services.plan_access import (
    Actor,
    PlanPolicy,
    checked_name,
    checked_receipts,
    reach_plan,
    usable_method,
)
from portal.services.plan_news import audit_plan, tell_payer
from portal.services.plan_parts import coming, left_of_total, terms_of
from portal.services.plan_ports import Occurrence, OccurrenceState, Plan, PlanKind, PlanState
from portal.services.ports import Clock, Store, UnitOfWork


class PlanChangedMeanwhile(Invalid):
    """Somebody else changed the plan after it was opened here."""


@dataclass(frozen=True, kw_only=True)
class EditPlan:
    """The request: the plan as it should be. `seen_at` is the plan's `updated_at` as shown."""

    actor: Actor = field(repr=False)
    plan_id: str
    seen_at: datetime
    name: FreeText
    method_id: str
    receipt_emails: tuple[str, ...] = ()
    amount_cents: int | None = None
    end_date: date | None = None
    occurrence_limit: int | None = None
    total_cents: int | None = None
    day_of_month: int | None = None
    monthly_cap_cents: int | None = None


@without_card_numbers
def edit_plan(
    command: EditPlan,
    *,
    store: Store,
    directory: ClientDirectory,
    clock: Clock,
    policy: PlanPolicy,
) -> Plan:
    """Change what is to come; what was charged stays as it was.

    Raises: Denied, NotFound, Invalid; PlanChangedMeanwhile.
    """
    now, actor = clock(), actor_key(command.actor)
    today = policy.today(now)
    with store.unit_of_work() as uow:
        uow.payments.serialize()
        plan, client = reach_plan(command.actor, command.plan_id, uow, directory)
        if plan.state not in (PlanState.ACTIVE, PlanState.PAUSED):
            raise Invalid("This plan is over; start a new one.")
        if plan.updated_at != command.seen_at:
            raise PlanChangedMeanwhile("The plan was changed meanwhile. Open it again.")
        if command.method_id != plan.method_id:
            usable_method(uow, command.actor, plan.client_id, command.method_id, today)
        edited = _edited(plan, command, now)
        uow.plans.save(edited)
        _renew(uow, plan, edited, today, policy)
        audit_plan(
            uow, "edited", edited, actor=actor, now=now,
            detail={"before": _told(plan), "after": _told(edited)},
        )  # fmt: skip
        key = f"edited:{now.isoformat()}"
        tell_payer(uow, edited, client, "changed", [], now=now, key=key)
        uow.commit()
    return edited


def _edited(plan: Plan, command: EditPlan, now: datetime) -> Plan:
    edited = replace(
        plan,
        name=checked_name(command.name),
        method_id=command.method_id,
        receipt_emails=checked_receipts(command.receipt_emails),
        updated_at=now,
    )
    match plan.kind:
        case PlanKind.RECURRING:
            amount = command.amount_cents or plan.amount_cents
            if amount != plan.amount_cents and plan.total_cents:
                raise Invalid("A plan towards a total keeps its amount. Cancel it and start anew.")
            edited = replace(
                edited,
                amount_cents=amount,
                end_date=command.end_date,
                occurrence_limit=command.occurrence_limit,
                total_cents=command.total_cents,
            )
            terms_of(edited).check()
        case PlanKind.AUTOPAY:
            day = command.day_of_month or plan.day_of_month or 1
            if not 1 <= day <= 31:
                raise Invalid("AutoPay runs on a day of the month from 1 to 31.")
            if command.monthly_cap_cents is not None and command.monthly_cap_cents <= 0:
                raise Invalid(
                    "The monthly maximum must be more than zero; leave it out to pay all."
                )
            edited = replace(edited, day_of_month=day, monthly_cap_cents=command.monthly_cap_cents)
    return edited


def _renew(uow: UnitOfWork, before: Plan, after: Plan, today: date, policy: PlanPolicy) -> None:
    """Let what waits follow the edited plan; what was reminded of or tried stays as announced."""
    if _schedule(before) == _schedule(after):
        return
    have = uow.occurrences.of_plan(after.plan_id)
    match after.kind:
        case PlanKind.RECURRING:
            renewed = _recurring(after, have, today, policy)
        case PlanKind.AUTOPAY:
            renewed = _autopay(before, after, have, today, policy)
        case _:
            renewed = []
    for each in renewed:
        uow.occurrences.save(each)
    have = uow.occurrences.of_plan(after.plan_id)
    uow.occurrences.add(coming(after, have, today, policy.days, policy.buffer_days))


def _recurring(
    plan: Plan, have: Sequence[Occurrence], today: date, policy: PlanPolicy
) -> list[Occurrence]:
    """New amounts, and none after the plan's new end; what an earlier end took out comes back."""
    waits = (OccurrenceState.SCHEDULED, OccurrenceState.CANCELLED)
    movable = [each for each in have if each.state in waits and not each.tries]
    if plan.total_cents:
        return _towards_total(plan, [each for each in have if each not in movable], movable, today)
    renewed = []
    for each in movable:
        due = next(recurring(terms_of(plan), policy.days, after=each.number - 1), None)
        if due is None:
            renewed.append(replace(each, state=OccurrenceState.CANCELLED))
        elif each.state is OccurrenceState.SCHEDULED or due.due_date >= today:
            renewed.append(
                replace(each, state=OccurrenceState.SCHEDULED, amount_cents=due.amount_cents)
            )
    return renewed


def _towards_total(
    plan: Plan, settled: Sequence[Occurrence], movable: Sequence[Occurrence], today: date
) -> list[Occurrence]:
    """The plan's amount for each in turn, until all of them are its total."""
    left = left_of_total(plan, settled)
    renewed = []
    for each in movable:
        cents = min(plan.amount_cents or 0, left)
        if cents <= 0:
            renewed.append(replace(each, state=OccurrenceState.CANCELLED))
        elif each.state is OccurrenceState.SCHEDULED or each.due_date >= today:
            renewed.append(replace(each, state=OccurrenceState.SCHEDULED, amount_cents=cents))
            left -= cents
    return renewed


def _autopay(
    before: Plan, plan: Plan, have: Sequence[Occurrence], today: date, policy: PlanPolicy
) -> list[Occurrence]:
    """The new day of the month for all that nobody was reminded of yet."""
    movable = [
        each
        for each in have
        if each.state is OccurrenceState.SCHEDULED and not each.reminded_at and not each.tries
    ]
    movable.sort(key=lambda each: each.number)
    first = movable[0].number if movable else 0
    latest = max((each.due_date for each in have if each.number < first), default=None)
    moved: list[Occurrence] = []
    for each in movable:
        day, buffer_days = plan.day_of_month or 1, policy.buffer_days
        was = day if moved else before.day_of_month
        latest = (
            first_autopay(today, day, buffer_days, policy.days)
            if latest is None
            else next_autopay(latest, today, day, buffer_days, policy.days, previous_day=was)
        )
        moved.append(replace(each, due_date=latest))
    return moved


def _schedule(plan: Plan) -> tuple[object, ...]:
    return (
        plan.amount_cents, plan.end_date, plan.occurrence_limit, plan.total_cents,
        plan.day_of_month,
    )  # fmt: skip


def _told(plan: Plan) -> dict[str, object]:
    return {
        "name": plan.name, "method": plan.method_id, "amount_cents": plan.amount_cents,
        "end_date": plan.end_date and plan.end_date.isoformat(),
        "occurrence_limit": plan.occurrence_limit, "total_cents": plan.total_cents,
        "day_of_month": plan.day_of_month, "monthly_cap_cents": plan.monthly_cap_cents,
    }  # fmt: skip
