"""Charge plan payments of several clients: reserved together, asked one by one, recorded together.

What is decided before is read anew inside the transaction that reserves: a payment whose plan was
cancelled, paused or charged by another runner in between is left alone, without the others.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from portal.domain.applications import Line, Overpaid
from portal.domain.errors import Invalid, NotFound, PortalError
from portal.domain.payment_states import PaymentState
from portal.failpoints import failpoint
from portal.services.charge_method import Attempt, charge_methods
from portal.services.job_ports import Guard
from portal.services.money_actors import ByItself
from portal.services.money_ports import ClientCard, Payment, Source
from portal.services.payment_steps import raise_exception
from portal.services.plan_access import PlanPolicy
from portal.services.plan_amounts import Charge, charge_of
from portal.services.plan_parts import request_of
from portal.services.plan_ports import Occurrence, OccurrenceState, Plan, PlanKind, PlanState
from portal.services.plan_run_steps import hold_plan
from portal.services.ports import UnitOfWork
from portal.services.reserve_payment import InProgress, Reserved, TakePayment, checked, reserve
from portal.services.till import Till

_SOURCES = {
    PlanKind.RECURRING: Source.RECURRING,
    PlanKind.AUTOPAY: Source.AUTOPAY,
    PlanKind.INSTALLMENT: Source.INSTALLMENT,
}
AT_ONCE = 4
"""For how many the gateway is asked at the same time: most of a payment is waiting for it."""


class NotDueAnyMore(PortalError):
    """The plan or its payment was changed by somebody else in between."""


@dataclass(frozen=True, kw_only=True)
class Due:
    """A payment of a plan that is due, and what it pays."""

    plan: Plan
    occurrence: Occurrence
    charge: Charge
    client: ClientCard


@dataclass
class Ran:
    """What a run did, counted."""

    charged: int = 0
    declined: int = 0
    unsure: int = 0
    nothing_owed: int = 0
    missed: int = 0
    waiting: int = 0
    left_alone: int = 0
    refused: dict[str, str] = field(default_factory=dict)
    """Occurrence -> why the payment could not even be begun."""

    def counts(self) -> dict[str, object]:
        """What there is to say of the run; what did not happen is left out."""
        said = {
            "charged": self.charged, "declined": self.declined, "unsure": self.unsure,
            "nothing_owed": self.nothing_owed, "missed": self.missed,
            "waiting": self.waiting, "refused": len(self.refused),
        }  # fmt: skip
        return {name: count for name, count in said.items() if count or name == "charged"}


def charge_due(
    dues: Sequence[Due], ran: Ran, *, till: Till, policy: PlanPolicy, guard: Guard
) -> None:
    """Charge these, each of another client's, and count what came of them.

    Raises: LeaseLost when another runner has taken over; nothing was charged then.
    """
    reserved, refused = _reserve_all(dues, till, policy, guard, ran)
    failpoint("take_payment.durable")
    for due, problem in refused:
        ran.refused[due.occurrence.occurrence_id] = str(problem)
        hold_plan(due.plan, due.client, str(problem), till, guard)
    attempts = [
        Attempt(payment=kept.payment, method=kept.method, off_session=True) for kept in reserved
    ]
    for charged in charge_methods(till, attempts, most=AT_ONCE):
        failpoint("plan.charged")
        _count(charged.payment, ran)


def _reserve_all(
    dues: Sequence[Due], till: Till, policy: PlanPolicy, guard: Guard, ran: Ran
) -> tuple[list[Reserved], list[tuple[Due, PortalError]]]:
    """Keep an attempt for each that can be paid. Returns: these, and why others cannot."""
    reserved: list[Reserved] = []
    refused: list[tuple[Due, PortalError]] = []
    with till.store.unit_of_work() as uow:
        uow.payments.serialize()
        guard(uow)
        for due in dues:
            try:
                with uow.part():
                    reserved.append(_reserve(uow, due, till, policy))
            except (NotDueAnyMore, InProgress, Overpaid):
                # Somebody else is at it; the next run looks again.
                ran.left_alone += 1
            except (NotFound, Invalid) as problem:
                refused.append((due, problem))
        uow.commit()
    return reserved, refused


def _reserve(uow: UnitOfWork, due: Due, till: Till, policy: PlanPolicy) -> Reserved:
    def claim(uow: UnitOfWork) -> None:
        _claim(uow, due, policy, till.clock())
        failpoint("plan.claimed")

    kept = reserve(uow, checked(_command(due), till), till, claim)
    if not kept.is_new:
        raise NotDueAnyMore("It is being paid already.")
    return kept


def _claim(uow: UnitOfWork, due: Due, policy: PlanPolicy, now: datetime) -> None:
    """Mark it as being charged, if it is still due and still the same.

    Raises: NotDueAnyMore.
    """
    plan, occurrence, charge = due.plan, due.occurrence, due.charge
    now_plan = uow.plans.find(plan.plan_id)
    now_occurrence = uow.occurrences.find(occurrence.occurrence_id)
    if now_plan is None or now_plan.state is not PlanState.ACTIVE or now_occurrence != occurrence:
        raise NotDueAnyMore("The plan was changed meanwhile.")
    today = policy.today(now)
    if charge_of(uow, now_plan, occurrence, today, policy.buffer_days) != charge:
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


def _command(due: Due) -> TakePayment:
    plan, occurrence, charge, client = due.plan, due.occurrence, due.charge, due.client
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
