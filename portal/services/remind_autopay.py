"""Remind payers of what AutoPay will charge; what is posted later waits a month."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from portal.domain.schedules import reminder_date
from portal.failpoints import failpoint
from portal.services.job_ports import Guard
from portal.services.money_ports import ClientDirectory
from portal.services.plan_access import PlanPolicy
from portal.services.plan_amounts import invoices_for_autopay
from portal.services.plan_news import remind_of_autopay
from portal.services.plan_ports import Occurrence, OccurrenceState, PlanInvoice, PlanKind, PlanState
from portal.services.ports import Clock, Store, UnitOfWork


@dataclass(frozen=True, kw_only=True)
class Reminded:
    """How many were reminded, and how many owe nothing this month."""

    reminded: int = 0
    nothing_due: int = 0


def remind_autopay(
    *, store: Store, directory: ClientDirectory, clock: Clock, policy: PlanPolicy, guard: Guard
) -> Reminded:
    """Announce every AutoPay charge whose buffer has begun, once, each in its own transaction."""
    now = clock()
    today = policy.today(now)
    with store.reading() as view:
        due = [
            each
            for each in view.occurrences.in_states([OccurrenceState.SCHEDULED])
            if not each.reminded_at
            and reminder_date(each.due_date, policy.buffer_days) <= today < each.due_date
        ]
    reminded = nothing_due = 0
    for each in due:
        with store.unit_of_work() as uow:
            uow.payments.serialize()
            guard(uow)
            announced = _announce(uow, each.occurrence_id, directory, now, today)
            uow.commit()
        if announced is not None:
            reminded += bool(announced.amount_cents)
            nothing_due += not announced.amount_cents
    return Reminded(reminded=reminded, nothing_due=nothing_due)


def _announce(
    uow: UnitOfWork,
    occurrence_id: str,
    directory: ClientDirectory,
    now: datetime,
    today: date,
) -> Occurrence | None:
    occurrence = uow.occurrences.find(occurrence_id)
    plan = uow.plans.find(occurrence.plan_id) if occurrence else None
    if occurrence is None or plan is None or plan.kind is not PlanKind.AUTOPAY:
        return None
    # Read anew: it may have been cancelled, paused or announced while others were.
    if plan.state is not PlanState.ACTIVE or occurrence.reminded_at is not None:
        return None
    if occurrence.state is not OccurrenceState.SCHEDULED:
        return None
    client = directory.client(plan.client_id)
    if client is None:
        return None
    invoices = invoices_for_autopay(uow, plan, today, today)
    total = sum(cents for _, cents in invoices)
    uow.plans.replace_invoices(
        plan.plan_id,
        [
            PlanInvoice(plan_id=plan.plan_id, invoice_id=invoice_id, cents=cents)
            for invoice_id, cents in invoices
        ],
    )
    announced = replace(occurrence, reminded_at=now, amount_cents=total or None)
    uow.occurrences.save(announced)
    failpoint("autopay.announced")
    if total:
        method = uow.methods.find(occurrence.method_id or plan.method_id)
        lines = _lines(uow, invoices)
        remind_of_autopay(uow, plan, client, announced, method, lines, now=now)
    return announced


def _lines(uow: UnitOfWork, invoices: list[tuple[str, int]]) -> list[dict[str, object]]:
    balances = {
        balance.invoice_id: balance
        for balance in uow.balances.of_invoices([invoice_id for invoice_id, _ in invoices])
    }
    return [
        {
            "invoice_number": balances[invoice_id].invoice_number,
            "due_date": due.isoformat() if (due := balances[invoice_id].due_date) else "",
            "open_cents": cents,
        }
        for invoice_id, cents in invoices
    ]
