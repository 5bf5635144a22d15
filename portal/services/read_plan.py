"""Look at a plan in full: what it pays, what comes next, how it is doing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from portal.domain.errors import NotFound
from portal.domain.payers import Payer
from portal.domain.permissions import Permission
from portal.domain.plan_health import (
    HealthNote,
    PlanFacts,
    clears_balance,
    health_notes,
    monthly_rate,
)
from portal.domain.schedules import Frequency
from portal.services.money_ports import ClientCard, ClientDirectory, OpenBalance, PaymentMethod
from portal.services.plan_access import Actor, PlanPolicy, has_expired, is_own
from portal.services.plan_parts import UNDECIDED, WAITING, last_payment, remaining_cents
from portal.services.plan_ports import (
    Occurrence,
    OccurrenceState,
    Plan,
    PlanInvoice,
    PlanKind,
    PlanState,
)
from portal.services.ports import Clock, Store, UnitOfWork


@dataclass(frozen=True, kw_only=True)
class ReadPlan:
    """The request. `billed_monthly_cents`: what the client was billed in an average month."""

    actor: Actor = field(repr=False)
    plan_id: str
    billed_monthly_cents: int = 0


@dataclass(frozen=True, kw_only=True)
class PlanView:
    """A plan in full."""

    plan: Plan
    client: ClientCard
    method: PaymentMethod | None
    occurrences: Sequence[Occurrence]
    invoices: Sequence[PlanInvoice]
    balances: dict[str, OpenBalance]
    remaining_cents: int | None
    paid_cents: int
    clears_balance: bool | None
    notes: tuple[HealthNote, ...]


def read_plan(
    command: ReadPlan,
    *,
    store: Store,
    directory: ClientDirectory,
    clock: Clock,
    policy: PlanPolicy,
) -> PlanView:
    """Read a plan within the rights of whoever looks.

    Raises: Denied; NotFound for a plan that does not exist or is somebody else's.
    """
    if not isinstance(command.actor, Payer):
        command.actor.require(Permission.VIEW_PAYMENTS)
    with store.reading() as view:
        plan = view.plans.find(command.plan_id)
        client = directory.client(plan.client_id) if plan else None
        if plan is None or client is None or not _may_see(command.actor, plan, client):
            raise NotFound("There is no such payment plan.")
        return _view(view, plan, client, command, policy.today(clock()), policy)


def usable_methods(
    actor: Actor, client_id: str, *, store: Store, directory: ClientDirectory, today: date
) -> list[PaymentMethod]:
    """The client's saved methods that a plan may charge.

    Raises: NotFound.
    """
    client = directory.client(client_id)
    if client is None or not is_own(actor, client):
        raise NotFound("There is no such client.")
    with store.reading() as view:
        return [
            method
            for method in view.methods.of_client(client_id)
            if method.state == "active"
            and not has_expired(method, today)
            and (method.kind != "ach" or view.mandates.standing(method.method_id) is not None)
        ]


def invoices_to_split(
    actor: Actor, client_id: str, *, store: Store, directory: ClientDirectory, currency: str
) -> list[tuple[OpenBalance, int]]:
    """The client's invoices that installments can pay, with what is payable of each.

    Raises: NotFound.
    """
    client = directory.client(client_id)
    if client is None or not is_own(actor, client):
        raise NotFound("There is no such client.")
    with store.reading() as view:
        balances = [
            balance
            for balance in view.balances.of_client(client_id)
            if balance.currency == currency and balance.open_cents > 0 and not balance.is_disputed
        ]
        ids = [balance.invoice_id for balance in balances]
        payable = view.balances.payable(ids)
        taken = {
            each.invoice_id
            for each in view.plans.on_invoices(ids)
            if (plan := view.plans.find(each.plan_id)) and plan.kind is PlanKind.INSTALLMENT
        }
    found = [
        (balance, payable.get(balance.invoice_id, 0))
        for balance in balances
        if balance.invoice_id not in taken and payable.get(balance.invoice_id, 0) > 0
    ]
    return sorted(found, key=lambda each: each[0].due_date or each[0].invoice_date)


def _may_see(actor: Actor, plan: Plan, client: ClientCard) -> bool:
    if isinstance(actor, Payer):
        return plan.client_id in actor.client_ids and actor.keeps_things
    return is_own(actor, client)


def _view(
    view: UnitOfWork,
    plan: Plan,
    client: ClientCard,
    command: ReadPlan,
    today: date,
    policy: PlanPolicy,
) -> PlanView:
    occurrences = view.occurrences.of_plan(plan.plan_id)
    invoices = view.plans.invoices(plan.plan_id)
    ids = [each.invoice_id for each in invoices]
    payable = view.balances.payable(ids)
    method = view.methods.find(plan.method_id)
    facts = _facts(view, plan, occurrences, method, command, today, policy)
    if plan.kind is PlanKind.INSTALLMENT:
        covers = sum(min(each.cents, payable.get(each.invoice_id, 0)) for each in invoices)
        facts = _with_cover(facts, covers)
    is_running = plan.state in (PlanState.ACTIVE, PlanState.PAUSED)
    return PlanView(
        plan=plan,
        client=client,
        method=method,
        occurrences=occurrences,
        invoices=invoices,
        balances={each.invoice_id: each for each in view.balances.of_invoices(ids)},
        remaining_cents=facts.remaining_cents if is_running else 0,
        paid_cents=sum(
            each.amount_cents or 0 for each in occurrences if each.state is OccurrenceState.PAID
        ),
        clears_balance=clears_balance(facts) if is_running else None,
        notes=health_notes(facts) if is_running else (),
    )


def _facts(
    view: UnitOfWork,
    plan: Plan,
    occurrences: Sequence[Occurrence],
    method: PaymentMethod | None,
    command: ReadPlan,
    today: date,
    policy: PlanPolicy,
) -> PlanFacts:
    recurring = plan.kind is PlanKind.RECURRING
    owed = view.balances.of_client(plan.client_id) if recurring else []
    expires = None
    if method and method.exp_year and method.exp_month:
        expires = (method.exp_year, method.exp_month)
    skipped = sum(each.state is OccurrenceState.SKIPPED for each in occurrences)
    return PlanFacts(
        today=today,
        currency=plan.currency,
        is_paused=plan.state is PlanState.PAUSED,
        paused_reason=plan.paused_reason,
        has_method=method is not None and method.state == "active",
        card_expires=expires,
        last_due_date=_last_date(plan, occurrences, policy),
        remaining_cents=remaining_cents(plan, occurrences, policy.days),
        owed_cents=sum(each.open_cents for each in owed if each.currency == plan.currency),
        monthly_cents=_monthly(plan),
        billed_monthly_cents=command.billed_monthly_cents,
        failed_tries=max((each.tries for each in occurrences if each.state in WAITING), default=0),
        missed=sum(each.state in UNDECIDED for each in occurrences),
        skipped=0 if plan.kind is PlanKind.AUTOPAY else skipped,
    )


def _with_cover(facts: PlanFacts, covers_cents: int) -> PlanFacts:
    return PlanFacts(**{**vars(facts), "covers_cents": covers_cents})


def _last_date(plan: Plan, occurrences: Sequence[Occurrence], policy: PlanPolicy) -> date | None:
    match plan.kind:
        case PlanKind.RECURRING:
            return last_payment(plan, occurrences, policy.days)
        case PlanKind.INSTALLMENT:
            waiting = [each.due_date for each in occurrences if each.state in WAITING]
            return max(waiting, default=None)
    return None


def _monthly(plan: Plan) -> int | None:
    if plan.kind is not PlanKind.RECURRING or plan.amount_cents is None:
        return None
    return monthly_rate(plan.amount_cents, Frequency(plan.frequency))
