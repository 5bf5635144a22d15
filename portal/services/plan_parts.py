"""The occurrences of a plan: which there are, which come next, and what is left to pay."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import islice

from portal.domain.holidays import BusinessDays
from portal.domain.schedules import (
    MOST_OCCURRENCES,
    Due,
    Frequency,
    RecurringTerms,
    first_autopay,
    next_autopay,
    nominal_date,
    recurring,
)
from portal.services.plan_ports import Occurrence, OccurrenceState, Plan, PlanKind

KEPT_AHEAD = 6
"""So many coming payments of a recurring plan are kept as rows that can be skipped or changed."""
AUTOPAY_AHEAD = 3
WAITING = frozenset({OccurrenceState.SCHEDULED})
UNDER_WAY = frozenset({OccurrenceState.RUNNING, OccurrenceState.PROCESSING})
UNDECIDED = frozenset({OccurrenceState.MISSED})
"""Somebody has to say whether they are charged or skipped."""
LOST = frozenset({OccurrenceState.SKIPPED, OccurrenceState.CANCELLED, OccurrenceState.FAILED})
"""They pay nothing towards a plan's total; a failed one that gets a date counts again."""
CAN_CHANGE = frozenset({OccurrenceState.SCHEDULED, OccurrenceState.MISSED, OccurrenceState.FAILED})


def plan_id_for(request_id: str) -> str:
    """The id of the plan a form makes: the same form makes the same plan."""
    return f"PL-{hashlib.sha256(request_id.encode()).hexdigest()[:12]}"


def occurrence_id(plan_id: str, number: int) -> str:
    """The id of one occurrence of a plan."""
    return f"{plan_id}-{number}"


def request_of(occurrence: Occurrence, tries: int) -> str:
    """The request id of one try of an occurrence: two runners who try it make one payment."""
    return f"{occurrence.occurrence_id}-t{tries}"


def terms_of(plan: Plan) -> RecurringTerms:
    """What a recurring plan agreed."""
    return RecurringTerms(
        amount_cents=plan.amount_cents or 0,
        frequency=Frequency(plan.frequency or "monthly"),
        start_date=plan.start_date,
        end_date=plan.end_date,
        occurrence_limit=plan.occurrence_limit,
        total_cents=plan.total_cents,
    )


def as_occurrences(plan_id: str, dues: Iterable[Due]) -> list[Occurrence]:
    """Dated parts as rows."""
    return [
        Occurrence(
            occurrence_id=occurrence_id(plan_id, due.number),
            plan_id=plan_id,
            number=due.number,
            due_date=due.due_date,
            amount_cents=due.amount_cents,
        )
        for due in dues
    ]


def coming(
    plan: Plan, have: Sequence[Occurrence], today: date, days: BusinessDays, buffer_days: int
) -> list[Occurrence]:
    """The occurrences to add, so that enough of what comes next can be seen and changed."""
    waiting = sum(each.state in WAITING for each in have)
    match plan.kind:
        case PlanKind.RECURRING:
            wanted = max(0, KEPT_AHEAD - waiting)
            dues = _to_total(plan, have, days) if plan.total_cents else _by_terms(plan, have, days)
            return as_occurrences(plan.plan_id, islice(dues, wanted))
        case PlanKind.AUTOPAY:
            return _coming_autopay(plan, have, today, days, buffer_days, AUTOPAY_AHEAD - waiting)
    return []


def one_more(plan: Plan, have: Sequence[Occurrence], cents: int, days: BusinessDays) -> Occurrence:
    """An installment after the last one, for what was taken out of an earlier one."""
    number = max(each.number for each in have) + 1
    frequency = Frequency(plan.frequency or "monthly")
    latest = max(each.due_date for each in have)
    step = number - 1
    while (nominal := nominal_date(plan.start_date, frequency, step)) <= latest:
        step += 1
    due = Due(
        number=number,
        nominal_date=nominal,
        due_date=days.on_or_after(nominal),
        amount_cents=cents,
    )
    return as_occurrences(plan.plan_id, [due])[0]


def is_finished(plan: Plan, have: Sequence[Occurrence]) -> bool:
    """Whether nothing of a plan is to come, under way or undecided."""
    open_states = WAITING | UNDER_WAY | UNDECIDED
    if plan.kind is PlanKind.AUTOPAY:
        return False
    return not any(each.state in open_states for each in have)


def remaining_cents(plan: Plan, have: Sequence[Occurrence], days: BusinessDays) -> int | None:
    """What a plan will still pay; None where it has no end."""
    if plan.kind is PlanKind.AUTOPAY:
        return None
    states = WAITING | UNDER_WAY | UNDECIDED
    kept = sum(each.amount_cents or 0 for each in have if each.state in states)
    if plan.kind is PlanKind.INSTALLMENT:
        return kept
    has_end = plan.end_date or plan.occurrence_limit or plan.total_cents
    if not has_end:
        return None
    if plan.total_cents:
        return kept + max(0, left_of_total(plan, have))
    return kept + sum(due.amount_cents for due in _by_terms(plan, have, days))


def left_of_total(plan: Plan, have: Iterable[Occurrence]) -> int:
    """What no payment of a plan towards a total is meant for yet; below zero, it is too much."""
    meant = sum(each.amount_cents or 0 for each in have if each.state not in LOST)
    return (plan.total_cents or 0) - meant


def last_payment(plan: Plan, have: Sequence[Occurrence], days: BusinessDays) -> date | None:
    """When a recurring plan pays last; None where it has no end."""
    if not (plan.end_date or plan.occurrence_limit or plan.total_cents):
        return None
    meant = [each.due_date for each in have if each.state not in LOST]
    dues = _to_total(plan, have, days) if plan.total_cents else _by_terms(plan, have, days)
    later = [due.due_date for due in islice(dues, MOST_OCCURRENCES)]
    return max([*meant, *later], default=None)


def _by_terms(plan: Plan, have: Iterable[Occurrence], days: BusinessDays) -> Iterator[Due]:
    last = max((each.number for each in have), default=0)
    return recurring(terms_of(plan), days, after=last)


def _to_total(plan: Plan, have: Sequence[Occurrence], days: BusinessDays) -> Iterator[Due]:
    """Payments after the last one, until the plan's payments are its total."""
    left = left_of_total(plan, have)
    last = max((each.number for each in have), default=0)
    for due in recurring(replace(terms_of(plan), total_cents=None), days, after=last):
        if left <= 0:
            return
        yield replace(due, amount_cents=min(due.amount_cents, left))
        left -= due.amount_cents


def redated(
    plan: Plan, waiting: Sequence[Occurrence], today: date, days: BusinessDays
) -> list[Occurrence]:
    """Installments moved on, in their order and rhythm, so that none lies before a day."""
    frequency = Frequency(plan.frequency or "monthly")
    moved = []
    step = 0
    for each in sorted(waiting, key=lambda occurrence: occurrence.number):
        while (nominal := nominal_date(plan.start_date, frequency, step)) < today:
            step += 1
        moved.append(replace(each, due_date=days.on_or_after(nominal)))
        step += 1
    return moved


def _coming_autopay(
    plan: Plan,
    have: Sequence[Occurrence],
    today: date,
    days: BusinessDays,
    buffer_days: int,
    wanted: int,
) -> list[Occurrence]:
    found: list[Occurrence] = []
    day = plan.day_of_month or 1
    number = max((each.number for each in have), default=0)
    latest = max((each.due_date for each in have), default=None)
    for _ in range(wanted):
        due = (
            first_autopay(max(today, plan.start_date), day, buffer_days, days)
            if latest is None
            else next_autopay(latest, today, day, buffer_days, days)
        )
        number, latest = number + 1, due
        found.append(
            Occurrence(
                occurrence_id=occurrence_id(plan.plan_id, number),
                plan_id=plan.plan_id,
                number=number,
                due_date=due,
                amount_cents=None,
            )
        )
    return found
