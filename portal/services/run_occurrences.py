"""Charge the plan payments that are due: each once, never early, never after a cancellation."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from portal.services.charge_due import Due, Ran, charge_due
from portal.services.job_ports import Guard
from portal.services.plan_access import PlanPolicy
from portal.services.plan_amounts import charge_of
from portal.services.plan_ports import Occurrence, PlanKind, PlanState
from portal.services.plan_run_steps import let_pass, miss, wait_for_dispute
from portal.services.till import Till

TOGETHER = 20
"""How many clients' payments share a transaction: few enough that nobody waits long for it."""


@dataclass(frozen=True, kw_only=True)
class RunOccurrences:
    """Which plan payments to charge: of these kinds; first tries, or the ones tried before."""

    kinds: frozenset[PlanKind]
    retries: bool = False


def run_occurrences(
    command: RunOccurrences, *, till: Till, policy: PlanPolicy, guard: Guard
) -> Ran:
    """Charge what is due: one payment of a plan at the most, the oldest; others are missed.

    Several clients are charged together, the plans of one client one after the other.
    Raises: LeaseLost when another runner has taken over.
    """
    ran = Ran()
    for some in _turns(_due_by_client(command, till, policy)):
        dues = _that_pay(some, command, till, policy, guard, ran)
        if dues:
            charge_due(dues, ran, till=till, policy=policy, guard=guard)
    return ran


def _turns(by_client: Iterable[Sequence[list[Occurrence]]]) -> Iterator[list[list[Occurrence]]]:
    """What is charged together: never two plans of one client."""
    for plans in zip_longest(*by_client):
        due = [plan for plan in plans if plan is not None]
        for first in range(0, len(due), TOGETHER):
            yield due[first : first + TOGETHER]


def _due_by_client(
    command: RunOccurrences, till: Till, policy: PlanPolicy
) -> list[list[list[Occurrence]]]:
    """What is due: for each client, for each of the client's plans, oldest first."""
    now = till.clock()
    by_plan: dict[str, list[Occurrence]] = {}
    by_client: dict[str, list[list[Occurrence]]] = {}
    with till.store.reading() as view:
        for each in view.occurrences.due(policy.today(now), now):
            if bool(each.tries) == command.retries:
                by_plan.setdefault(each.plan_id, []).append(each)
        plans = {plan.plan_id: plan for plan in view.plans.in_states([PlanState.ACTIVE])}
    for plan_id, due in by_plan.items():
        plan = plans.get(plan_id)
        if plan is not None and plan.kind in command.kinds:
            by_client.setdefault(plan.client_id, []).append(due)
    return list(by_client.values())


def _that_pay(
    some: Sequence[Sequence[Occurrence]],
    command: RunOccurrences,
    till: Till,
    policy: PlanPolicy,
    guard: Guard,
    ran: Ran,
) -> list[Due]:
    """What each plan pays now. What pays nothing, or was missed, is settled here."""
    pays: list[Due] = []
    for due, occurrence, late in _looked_at(some, till, policy, ran):
        if late and command.retries:
            # Each was announced as tried again: they take their turns, one a run.
            ran.left_alone += len(late)
        elif late:
            ran.missed += miss(late, due.plan, due.client, till, guard)
        if due.charge.waits_for:
            ran.waiting += wait_for_dispute(occurrence, due.plan, due.client, till, policy, guard)
        elif due.charge.cents:
            pays.append(due)
        else:
            ran.nothing_owed += let_pass(occurrence, due.plan, due.client, till, policy, guard)
    return pays


def _looked_at(
    some: Sequence[Sequence[Occurrence]], till: Till, policy: PlanPolicy, ran: Ran
) -> list[tuple[Due, Occurrence, list[Occurrence]]]:
    """The oldest payment of each plan that is running, and the later ones."""
    found = []
    with till.store.reading() as view:
        for occurrences in some:
            first, *late = sorted(occurrences, key=lambda each: each.number)
            plan = view.plans.find(first.plan_id)
            if plan is None or plan.state is not PlanState.ACTIVE:
                continue
            client = till.directory.client(plan.client_id)
            if client is None:
                ran.left_alone += 1
                continue
            charge = charge_of(view, plan, first, policy.today(till.clock()), policy.buffer_days)
            due = Due(plan=plan, occurrence=first, charge=charge, client=client)
            found.append((due, first, late))
    return found
