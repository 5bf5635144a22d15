"""What starting any plan has in common: asked once, kept with its occurrences, told and audited."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.domain.money import format_cents
from portal.failpoints import failpoint
from portal.services.money_ports import ClientCard
from portal.services.money_requests import check_request, check_same
from portal.services.plan_news import audit_plan, day_words, tell_payer
from portal.services.plan_ports import Occurrence, Plan, PlanInvoice
from portal.services.ports import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class PlanStarted:
    """The plan, and whether this call made it or found it made by an earlier one."""

    plan: Plan
    is_new: bool


def started_before(uow: UnitOfWork, request_id: str, fingerprint: str) -> PlanStarted | None:
    """The plan that this form made earlier: a double click or a reload makes no second one.

    Raises: RequestReused; Invalid for an id that no form minted.
    """
    check_request(request_id)
    plan = uow.plans.find_by_request(request_id)
    if plan is None:
        return None
    check_same(plan.fingerprint, fingerprint)
    return PlanStarted(plan=plan, is_new=False)


def keep_plan(
    uow: UnitOfWork,
    plan: Plan,
    occurrences: Sequence[Occurrence],
    invoices: Sequence[PlanInvoice],
    client: ClientCard,
    *,
    actor: str,
    now: datetime,
) -> PlanStarted:
    """Keep a new plan and its first occurrences, tell the payer, write the audit row."""
    uow.plans.add(plan, invoices)
    uow.occurrences.add(occurrences)
    failpoint("plan.written")
    audit_plan(
        uow, "started", plan, actor=actor, now=now,
        detail={
            "name": plan.name, "amount_cents": plan.amount_cents, "method": plan.method_id,
            "invoices": [each.invoice_id for each in invoices],
        },
    )  # fmt: skip
    tell_payer(uow, plan, client, "started", _first_lines(plan, occurrences), now=now, key="start")
    failpoint("plan.told")
    return PlanStarted(plan=plan, is_new=True)


def _first_lines(plan: Plan, occurrences: Sequence[Occurrence]) -> list[str]:
    lines = [f"First payment: {day_words(occurrences[0].due_date)}"] if occurrences else []
    if plan.amount_cents:
        lines.append(f"Amount: {format_cents(plan.amount_cents, plan.currency)}")
    if plan.monthly_cap_cents:
        cap = format_cents(plan.monthly_cap_cents, plan.currency)
        lines.append(f"At most {cap} a month")
    return lines
