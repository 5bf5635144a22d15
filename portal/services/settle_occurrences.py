"""Learn what became of plan payments, from the payments themselves; ask nobody, charge nothing.

A payment may have been settled by the gateway's event, by reading it, or by a person. Whoever
did it, the occurrence follows here, once, also after the program was killed in between.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from portal.domain.payment_states import LIVE, PaymentState
from portal.domain.retries import AfterFailure, Verdict, after_decline, after_return
from portal.failpoints import failpoint
from portal.services.cancel_plan import end_plan
from portal.services.gateway_states import MethodKind
from portal.services.money_ports import ClientCard, ClientDirectory, Payment
from portal.services.pause_plan import put_on_hold
from portal.services.plan_access import PlanPolicy
from portal.services.plan_news import audit_plan, tell_failure
from portal.services.plan_parts import UNDER_WAY, coming, is_finished, one_more, request_of
from portal.services.plan_ports import Occurrence, OccurrenceState, Plan, PlanKind, PlanState
from portal.services.ports import Clock, Store, UnitOfWork
from portal.services.till import Watcher

SYSTEM = "portal:plans"
_PAID = frozenset(
    {PaymentState.SUCCEEDED, PaymentState.PART_REFUNDED, PaymentState.REFUNDED,
     PaymentState.DISPUTED}
)  # fmt: skip


_FOLLOWING = UNDER_WAY | {OccurrenceState.PAID}
"""An occurrence in another state has been decided; its payment changes nothing more."""


@dataclass(frozen=True, kw_only=True)
class Settled:
    """How many occurrences moved on, and how."""

    paid: int = 0
    processing: int = 0
    retried: int = 0
    failed: int = 0


def settle_occurrences(
    *, store: Store, directory: ClientDirectory, clock: Clock, policy: PlanPolicy
) -> Settled:
    """Bring all occurrences up to their payments, each in a transaction of its own."""
    with store.reading() as view:
        moved = [
            each.occurrence_id
            for each in view.occurrences.in_states(UNDER_WAY)
            if (payment := _payment_of(view, each)) and _is_news(each, payment)
        ]
        returned = [
            each.occurrence_id
            for payment in view.payments.in_states([PaymentState.RETURNED])
            if payment.occurrence_id
            and (each := view.occurrences.find(payment.occurrence_id))
            and each.payment_id == payment.payment_id
            and each.state is OccurrenceState.PAID
        ]
    counts = dict.fromkeys(OccurrenceState, 0)
    for occurrence_id in dict.fromkeys([*moved, *returned]):
        with store.unit_of_work() as uow:
            uow.payments.serialize()
            settled = settle(uow, occurrence_id, directory, clock(), policy)
            uow.commit()
        if settled:
            counts[settled.state] += 1
    return Settled(
        paid=counts[OccurrenceState.PAID],
        processing=counts[OccurrenceState.PROCESSING],
        retried=counts[OccurrenceState.SCHEDULED],
        failed=counts[OccurrenceState.FAILED],
    )


def settle(
    uow: UnitOfWork,
    occurrence_id: str,
    directory: ClientDirectory,
    now: datetime,
    policy: PlanPolicy,
    *,
    payment: Payment | None = None,
) -> Occurrence | None:
    """Bring one occurrence up to its payment, within a transaction.

    `payment` is one of the occurrence's that has just changed.
    Returns: the occurrence where it moved on, None where nothing was new.
    """
    occurrence = uow.occurrences.find(occurrence_id)
    if occurrence and (payment is None or not _is_of(payment, occurrence)):
        payment = _payment_of(uow, occurrence)
    plan = uow.plans.find(occurrence.plan_id) if occurrence else None
    if occurrence is None or payment is None or plan is None:
        return None
    if occurrence.state not in _FOLLOWING or not _is_news(occurrence, payment):
        return None
    client = directory.client(plan.client_id) or ClientCard(
        client_id=plan.client_id, client_number="", client_name=plan.name
    )
    known = replace(occurrence, payment_id=payment.payment_id)
    settled = _moved(uow, plan, known, payment, client, now, policy)
    uow.occurrences.save(settled)
    failpoint("plan.settled")
    if settled.state not in UNDER_WAY:
        go_on_after(uow, plan.plan_id, client, now, policy)
    return settled


def go_on_after(
    uow: UnitOfWork, plan_id: str, client: ClientCard, now: datetime, policy: PlanPolicy
) -> None:
    """Keep enough of a running plan's coming payments, or let it be over."""
    plan = uow.plans.find(plan_id)
    if plan is None or plan.state is not PlanState.ACTIVE:
        return
    have = uow.occurrences.of_plan(plan_id)
    more = coming(plan, have, policy.today(now), policy.days, policy.buffer_days)
    uow.occurrences.add(more)
    if is_finished(plan, [*have, *more]):
        end_plan(uow, plan, PlanState.ENDED, client, "", actor=SYSTEM, now=now)


def _moved(
    uow: UnitOfWork,
    plan: Plan,
    occurrence: Occurrence,
    payment: Payment,
    client: ClientCard,
    now: datetime,
    policy: PlanPolicy,
) -> Occurrence:
    if payment.state in _PAID:
        return replace(occurrence, state=OccurrenceState.PAID, next_try_at=None)
    match payment.state:
        case PaymentState.PROCESSING:
            return replace(occurrence, state=OccurrenceState.PROCESSING)
        case PaymentState.VOIDED:
            return _after_void(uow, plan, occurrence, payment, policy)
        case PaymentState.DECLINED | PaymentState.RETURNED:
            verdict = _verdict(payment, occurrence, now, policy)
            return _failed(uow, plan, occurrence, payment, verdict, client, now, policy)
    return occurrence


def _after_void(
    uow: UnitOfWork, plan: Plan, occurrence: Occurrence, payment: Payment, policy: PlanPolicy
) -> Occurrence:
    """Taken back by a person, it is skipped; broken off before any money moved, it is due again."""
    if plan.state not in (PlanState.ACTIVE, PlanState.PAUSED):
        return replace(occurrence, state=OccurrenceState.CANCELLED, next_try_at=None)
    last = next(reversed(uow.payments.events(payment.payment_id)), None)
    was_taken_back = last is not None and (
        last.from_state not in LIVE or uow.users.find(last.actor) is not None
    )
    if not was_taken_back:
        return replace(occurrence, state=OccurrenceState.SCHEDULED, next_try_at=None)
    if plan.kind is PlanKind.INSTALLMENT and occurrence.amount_cents:
        have = uow.occurrences.of_plan(plan.plan_id)
        uow.occurrences.add([one_more(plan, have, occurrence.amount_cents, policy.days)])
    return replace(occurrence, state=OccurrenceState.SKIPPED, next_try_at=None)


def _verdict(
    payment: Payment, occurrence: Occurrence, now: datetime, policy: PlanPolicy
) -> Verdict:
    today = policy.today(now)
    if payment.kind is MethodKind.ACH or payment.state is PaymentState.RETURNED:
        code = payment.return_code or payment.decline_code
        return after_return(code, tries=occurrence.tries, today=today, days=policy.days)
    return after_decline(
        payment.decline_code, tries=occurrence.tries, today=today, days=policy.days
    )


def _failed(
    uow: UnitOfWork,
    plan: Plan,
    occurrence: Occurrence,
    payment: Payment,
    verdict: Verdict,
    client: ClientCard,
    now: datetime,
    policy: PlanPolicy,
) -> Occurrence:
    method = uow.methods.find(payment.method_id) if payment.method_id else None
    tell_failure(uow, plan, client, occurrence, method, verdict.words, now=now)
    audit_plan(
        uow, "payment_failed", plan, actor=SYSTEM, now=now,
        detail={
            "number": occurrence.number, "payment": payment.payment_id, "then": verdict.then,
            "tries": occurrence.tries,
        },
    )  # fmt: skip
    if verdict.then is AfterFailure.REVOKE_MANDATE and payment.method_id:
        uow.mandates.revoke(payment.method_id, verdict.words, now)
    gives_up_installment = (
        verdict.then is AfterFailure.GIVE_UP and plan.kind is PlanKind.INSTALLMENT
    )
    if plan.state is PlanState.ACTIVE and (verdict.pauses_plan or gives_up_installment):
        put_on_hold(uow, plan, client, verdict.words, actor=SYSTEM, now=now)
    may_retry = verdict.next_date is not None and plan.state in (
        PlanState.ACTIVE,
        PlanState.PAUSED,
    )
    if may_retry:
        next_try_at = policy.start_of(verdict.next_date)
        return replace(occurrence, state=OccurrenceState.SCHEDULED, next_try_at=next_try_at)
    return replace(occurrence, state=OccurrenceState.FAILED, next_try_at=None)


def follow_payments(directory: ClientDirectory, policy: PlanPolicy) -> Watcher:
    """Let a plan's occurrence follow its payment in the transaction that changes the payment."""

    def follow(uow: UnitOfWork, payment: Payment, now: datetime) -> None:
        if payment.occurrence_id is not None:
            settle(uow, payment.occurrence_id, directory, now, policy, payment=payment)

    return follow


def _payment_of(view: UnitOfWork, occurrence: Occurrence) -> Payment | None:
    if occurrence.payment_id is not None:
        return view.payments.find(occurrence.payment_id)
    return view.payments.find_by_request(request_of(occurrence, occurrence.tries))


def _is_of(payment: Payment, occurrence: Occurrence) -> bool:
    """Whether it is the payment that the occurrence goes by: an earlier try is not."""
    if occurrence.payment_id is not None:
        return payment.payment_id == occurrence.payment_id
    return payment.request_id == request_of(occurrence, occurrence.tries)


def _is_news(occurrence: Occurrence, payment: Payment) -> bool:
    """Whether the payment stands where the occurrence has not followed it yet."""
    if payment.state in _PAID:
        return occurrence.state is not OccurrenceState.PAID
    if payment.state is PaymentState.PROCESSING:
        return occurrence.state is OccurrenceState.RUNNING
    return payment.state in (PaymentState.VOIDED, PaymentState.DECLINED, PaymentState.RETURNED)
