"""Start AutoPay: posted invoices are paid once a month, on a day the payer chose."""

from dataclasses import dataclass, field
from datetime import date, datetime

from portal.domain.errors import Invalid
from portal.domain.free_text import FreeText, without_card_numbers
from portal.services.cancel_plan import end_plan
from portal.services.money_actors import actor_key
from portal.services.money_ports import ClientCard, ClientDirectory
from portal.services.money_requests import fingerprint
from portal.services.plan_access import (
    AUTHORISED,
    Actor,
    PlanPolicy,
    checked_name,
    checked_receipts,
    reach_client,
    require_authorised,
    usable_method,
)
from portal.services.plan_parts import coming, plan_id_for
from portal.services.plan_ports import Plan, PlanKind, PlanState
from portal.services.ports import Clock, Store, UnitOfWork
from portal.services.start_plan import PlanStarted, keep_plan, started_before

_RUNNING = (PlanState.ACTIVE, PlanState.PAUSED)


class AutopayExists(Invalid):
    """A client has one AutoPay at the most."""


class EndsRecurringPlans(Invalid):
    """AutoPay ends the client's recurring plans; that wants a confirmation."""


@dataclass(frozen=True, kw_only=True)
class StartAutopay:
    """The request. `ends_recurring`: the payer confirmed that recurring plans end with it."""

    request_id: str
    actor: Actor = field(repr=False)
    client_id: str
    method_id: str
    day_of_month: int
    monthly_cap_cents: int | None = None
    name: FreeText = "AutoPay"
    receipt_emails: tuple[str, ...] = ()
    is_authorised: bool = False
    ends_recurring: bool = False


@without_card_numbers
def start_autopay(
    command: StartAutopay,
    *,
    store: Store,
    directory: ClientDirectory,
    clock: Clock,
    policy: PlanPolicy,
) -> PlanStarted:
    """Keep AutoPay and its next days; the first one leaves time for its reminder.

    Raises: Denied, NotFound, Invalid; AutopayExists; EndsRecurringPlans; RequestReused.
    """
    client = reach_client(command.actor, command.client_id, directory)
    require_authorised(command.is_authorised)
    _check_terms(command)
    now, actor = clock(), actor_key(command.actor)
    today = policy.today(now)
    plan = _plan(command, today, policy, actor, now)
    with store.unit_of_work() as uow:
        uow.payments.serialize()
        if earlier := started_before(uow, command.request_id, plan.fingerprint):
            return earlier
        usable_method(uow, command.actor, command.client_id, command.method_id, today)
        _make_room(uow, command, client, actor=actor, now=now)
        first = coming(plan, [], today, policy.days, policy.buffer_days)
        started = keep_plan(uow, plan, first, [], client, actor=actor, now=now)
        uow.commit()
    return started


def _check_terms(command: StartAutopay) -> None:
    if not 1 <= command.day_of_month <= 31:
        raise Invalid("AutoPay runs on a day of the month from 1 to 31.")
    if command.monthly_cap_cents is not None and command.monthly_cap_cents <= 0:
        raise Invalid("The monthly maximum must be more than zero; leave it out to pay all.")


def _make_room(
    uow: UnitOfWork, command: StartAutopay, client: ClientCard, *, actor: str, now: datetime
) -> None:
    standing = [plan for plan in uow.plans.of_client(command.client_id) if plan.state in _RUNNING]
    if any(plan.kind is PlanKind.AUTOPAY for plan in standing):
        raise AutopayExists("This client has AutoPay already. Change it, or cancel it first.")
    recurring = [plan for plan in standing if plan.kind is PlanKind.RECURRING]
    if recurring and not command.ends_recurring:
        names = ", ".join(plan.name for plan in recurring)
        raise EndsRecurringPlans(
            f"AutoPay ends the client's recurring plans ({names}). Confirm that they may end."
        )
    for plan in recurring:
        end_plan(
            uow, plan, PlanState.CANCELLED, client, "AutoPay was started", actor=actor, now=now
        )


def _plan(
    command: StartAutopay, today: date, policy: PlanPolicy, actor: str, now: datetime
) -> Plan:
    return Plan(
        plan_id=plan_id_for(command.request_id),
        request_id=command.request_id,
        fingerprint=fingerprint(
            "start_autopay",
            {"client": command.client_id, "method": command.method_id,
             "day": command.day_of_month, "cap": command.monthly_cap_cents}
        ),
        kind=PlanKind.AUTOPAY,
        client_id=command.client_id,
        portal_user_id=getattr(command.actor, "portal_user_id", None),
        name=checked_name(command.name),
        method_id=command.method_id,
        currency=policy.currency,
        frequency="monthly",
        start_date=today,
        day_of_month=command.day_of_month,
        monthly_cap_cents=command.monthly_cap_cents,
        receipt_emails=checked_receipts(command.receipt_emails),
        authorised_by=actor,
        authorised_text=AUTHORISED,
        created_by=actor,
        created_at=now,
        updated_at=now,
    )  # fmt: skip
