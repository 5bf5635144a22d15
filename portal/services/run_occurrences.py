"""Charge the plan payments that are due: each once, never early, never after a cancellation.

Whatever is decided here is read anew inside the transaction that reserves the payment: a plan
that was cancelled, paused or charged by another runner in between is left alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from portal.domain.applications import Line, Overpaid
from portal.domain.errors import Invalid, NotFound, PortalError
from portal.domain.payment_states import PaymentState
from portal.failpoints import failpoint
from portal.services.at_once import at_once
from portal.services.job_ports import Guard
from portal.services.money_actors import ByItself
from portal.services.money_ports import ClientCard, Payment, Source
from portal.services.payment_steps import raise_exception
from portal.services.plan_access import PlanPolicy
from portal.services.plan_amounts import Charge, charge_of
from portal.services.plan_parts import request_of
from portal.services.plan_ports import Occurrence, OccurrenceState, Plan, PlanKind, PlanState
from portal.services.plan_run_steps import hold_plan, let_pass, miss
from portal.services.ports import UnitOfWork
from portal.services.take_payment import InProgress, TakePayment, take_payment
from portal.services.till import Till

_SOURCES = {
    PlanKind.RECURRING: Source.RECURRING,
    PlanKind.AUTOPAY: Source.AUTOPAY,
    PlanKind.INSTALLMENT: Source.INSTALLMENT,
}


AT_ONCE = 4
"""How many clients are charged at the same time: most of a payment is waiting for the gateway."""


class NotDueAnyMore(PortalError):
    """The plan or its payment was changed by somebody else in between."""


@dataclass(frozen=True, kw_only=True)
class RunOccurrences:
    """Which plan payments to charge: of these kinds; first tries, or the ones tried before."""

    kinds: frozenset[PlanKind]
    retries: bool = False


@dataclass
class Ran:
    """What a run did, counted."""

    charged: int = 0
    declined: int = 0
    unsure: int = 0
    nothing_owed: int = 0
    missed: int = 0
    left_alone: int = 0
    refused: dict[str, str] = field(default_factory=dict)
    """Occurrence -> why the payment could not even be begun."""

    @classmethod
    def together(cls, parts: Iterable["Ran"]) -> "Ran":
        """Several parts of one run as one."""
        ran = cls()
        for part in parts:
            for name, count in vars(part).items():
                if name == "refused":
                    ran.refused.update(count)
                else:
                    setattr(ran, name, getattr(ran, name) + count)
        return ran

    def counts(self) -> dict[str, object]:
        """What there is to say of the run; what did not happen is left out."""
        said = {
            "charged": self.charged, "declined": self.declined, "unsure": self.unsure,
            "nothing_owed": self.nothing_owed, "missed": self.missed,
            "refused": len(self.refused),
        }  # fmt: skip
        return {name: count for name, count in said.items() if count or name == "charged"}


def run_occurrences(
    command: RunOccurrences, *, till: Till, policy: PlanPolicy, guard: Guard
) -> Ran:
    """Charge what is due: one payment of a plan at the most, the oldest; others are missed.

    Clients are charged a few at a time, the plans of one client one after the other.
    Raises: LeaseLost when another runner has taken over.
    """

    def run(plans: Sequence[Sequence[Occurrence]]) -> Ran:
        ran = Ran()
        for due in plans:
            _run_plan(due, command, till, policy, guard, ran)
        return ran

    return Ran.together(at_once(run, _due_by_client(command, till, policy), most=AT_ONCE))


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


def _run_plan(
    due: Sequence[Occurrence],
    command: RunOccurrences,
    till: Till,
    policy: PlanPolicy,
    guard: Guard,
    ran: Ran,
) -> None:
    first, *late = sorted(due, key=lambda each: each.number)
    with till.store.reading() as view:
        plan = view.plans.find(first.plan_id)
        charge = charge_of(view, plan, first, policy.buffer_days) if plan else Charge()
    if plan is None or plan.state is not PlanState.ACTIVE:
        return
    client = till.directory.client(plan.client_id)
    if client is None:
        ran.left_alone += 1
        return
    if late and command.retries:
        # Each was announced as tried again: they take their turns, one a run.
        ran.left_alone += len(late)
    elif late:
        ran.missed += miss(late, plan, client, till, guard)
    if not charge.cents:
        ran.nothing_owed += let_pass(first, plan, client, till, policy, guard)
        return
    _charge(plan, first, charge, client, till, policy, guard, ran)


def _charge(
    plan: Plan,
    occurrence: Occurrence,
    charge: Charge,
    client: ClientCard,
    till: Till,
    policy: PlanPolicy,
    guard: Guard,
    ran: Ran,
) -> None:
    def claim(uow: UnitOfWork) -> None:
        guard(uow)
        _claim(uow, plan, occurrence, charge, policy.buffer_days, till.clock())
        failpoint("plan.claimed")

    try:
        taken = take_payment(
            _command(plan, occurrence, charge, client),
            store=till.store, gateway=till.gateway, directory=till.directory, clock=till.clock,
            policy=till.policy, watchers=till.watchers, guard=claim,
        )  # fmt: skip
    except (NotDueAnyMore, InProgress, Overpaid):
        # Somebody else is at it; the next run looks again.
        ran.left_alone += 1
        return
    except (NotFound, Invalid) as problem:
        ran.refused[occurrence.occurrence_id] = str(problem)
        hold_plan(plan, client, str(problem), till, guard)
        return
    failpoint("plan.charged")
    _count(taken.payment, ran)


def _claim(
    uow: UnitOfWork,
    plan: Plan,
    occurrence: Occurrence,
    charge: Charge,
    buffer_days: int,
    now: datetime,
) -> None:
    """Mark it as being charged, if it is still due and still the same.

    Raises: NotDueAnyMore.
    """
    now_plan = uow.plans.find(plan.plan_id)
    now_occurrence = uow.occurrences.find(occurrence.occurrence_id)
    if now_plan is None or now_plan.state is not PlanState.ACTIVE or now_occurrence != occurrence:
        raise NotDueAnyMore("The plan was changed meanwhile.")
    if charge_of(uow, now_plan, occurrence, buffer_days) != charge:
        raise NotDueAnyMore("What is owed was changed meanwhile.")
    running = replace(
        occurrence,
        state=OccurrenceState.RUNNING,
        tries=occurrence.tries + 1,
        next_try_at=None,
        payment_id=None,
        amount_cents=charge.cents,
    )
    uow.occurrences.save(running)
    if plan.kind is PlanKind.AUTOPAY and occurrence.reminded_at is None:
        raise_exception(
            uow, "autopay_without_reminder", occurrence.occurrence_id, at=now,
            detail={"plan": plan.plan_id, "due_date": occurrence.due_date.isoformat()},
        )  # fmt: skip


def _command(plan: Plan, occurrence: Occurrence, charge: Charge, client: ClientCard) -> TakePayment:
    lines = [Line(invoice_id=invoice_id, cents=cents) for invoice_id, cents in charge.invoices]
    if charge.unapplied_cents:
        lines.append(Line(invoice_id=None, cents=charge.unapplied_cents))
    receipts = plan.receipt_emails or client.billing_emails
    return TakePayment(
        actor=ByItself(f"job:{plan.kind.value}"),
        request_id=request_of(occurrence, occurrence.tries + 1),
        source=_SOURCES[plan.kind],
        client_id=plan.client_id,
        lines=tuple(lines),
        currency=plan.currency,
        method_id=occurrence.method_id or plan.method_id,
        off_session=True,
        receipt_emails=receipts,
        portal_user_id=plan.portal_user_id,
        plan_id=plan.plan_id,
        occurrence_id=occurrence.occurrence_id,
    )


def _count(payment: Payment, ran: Ran) -> None:
    match payment.state:
        case PaymentState.SUCCEEDED | PaymentState.PROCESSING:
            ran.charged += 1
        case PaymentState.DECLINED:
            ran.declined += 1
        case _:
            ran.unsure += 1
