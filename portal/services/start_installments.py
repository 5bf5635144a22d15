"""Start an installment plan: chosen invoices, paid in parts on dates; the last takes the odd cent.

The plan covers what is payable of the invoices when it starts: nothing more is ever charged.
"""

from dataclasses import dataclass, field
from datetime import date, datetime

from portal.domain.errors import Invalid, NotFound
from portal.domain.free_text import FreeText, without_card_numbers
from portal.domain.schedules import Frequency, installments
from portal.services.money_actors import actor_key
from portal.services.money_ports import ClientDirectory
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
from portal.services.plan_amounts import disputed
from portal.services.plan_parts import as_occurrences, plan_id_for
from portal.services.plan_ports import Plan, PlanInvoice, PlanKind
from portal.services.ports import Clock, Store, UnitOfWork
from portal.services.start_plan import PlanStarted, keep_plan, started_before

MOST_INVOICES = 200


class InvoiceInPlan(Invalid):
    """An invoice is in one installment plan at the most."""


@dataclass(frozen=True, kw_only=True)
class StartInstallments:
    """The request. `seen_cents` is the total that the person saw and agreed to."""

    request_id: str
    actor: Actor = field(repr=False)
    client_id: str
    name: FreeText
    method_id: str
    invoice_ids: tuple[str, ...]
    seen_cents: int
    count: int
    frequency: Frequency
    start_date: date
    receipt_emails: tuple[str, ...] = ()
    is_authorised: bool = False


@without_card_numbers
def start_installments(
    command: StartInstallments,
    *,
    store: Store,
    directory: ClientDirectory,
    clock: Clock,
    policy: PlanPolicy,
) -> PlanStarted:
    """Keep the plan with all its installments.

    Raises: Denied, NotFound, Invalid; InvoiceInPlan; RequestReused.
    """
    client = reach_client(command.actor, command.client_id, directory)
    require_authorised(command.is_authorised)
    now, actor = clock(), actor_key(command.actor)
    today = policy.today(now)
    plan = _plan(command, policy, actor, now)
    with store.unit_of_work() as uow:
        uow.payments.serialize()
        if earlier := started_before(uow, command.request_id, plan.fingerprint):
            return earlier
        if command.start_date < today:
            raise Invalid("The first installment can't be in the past.")
        usable_method(uow, command.actor, command.client_id, command.method_id, today)
        covered = _covered(uow, command, plan.plan_id, policy.currency, today)
        dues = installments(
            sum(each.cents for each in covered),
            command.count,
            command.start_date,
            command.frequency,
            policy.days,
        )
        started = keep_plan(
            uow, plan, as_occurrences(plan.plan_id, dues), covered, client, actor=actor, now=now
        )
        uow.commit()
    return started


def _covered(
    uow: UnitOfWork, command: StartInstallments, plan_id: str, currency: str, today: date
) -> list[PlanInvoice]:
    """What is payable of each chosen invoice, the oldest due first."""
    wanted = tuple(dict.fromkeys(command.invoice_ids))
    if not 1 <= len(wanted) <= MOST_INVOICES:
        raise Invalid(f"Choose 1 to {MOST_INVOICES} unpaid invoices.")
    balances = uow.balances.of_invoices(wanted)
    if len(balances) != len(wanted) or any(
        balance.client_id != command.client_id for balance in balances
    ):
        raise NotFound("One of these invoices is paid, or it is not an invoice of this client.")
    if any(balance.currency != currency for balance in balances):
        raise Invalid(f"Plans are made in {currency} only.")
    if disputed(uow, command.client_id, balances, today):
        raise Invalid("A disputed invoice can't be put in a plan. Settle the dispute first.")
    taken = {each.invoice_id for each in uow.plans.on_invoices(wanted) if each.plan_id != plan_id}
    installment_plans = {
        each.invoice_id
        for each in uow.plans.on_invoices(taken)
        if (plan := uow.plans.find(each.plan_id)) and plan.kind is PlanKind.INSTALLMENT
    }
    if installment_plans:
        raise InvoiceInPlan("One of these invoices is in another installment plan already.")
    payable = uow.balances.payable(wanted)
    if any(payable.get(invoice_id, 0) <= 0 for invoice_id in wanted):
        raise Invalid("A payment is on its way for one of these invoices. Leave it out.")
    if sum(payable[invoice_id] for invoice_id in wanted) != command.seen_cents:
        raise Invalid("What is owed has changed meanwhile. Look at the new total and start again.")
    return [
        PlanInvoice(plan_id=plan_id, invoice_id=invoice_id, cents=payable[invoice_id])
        for invoice_id in wanted
    ]


def _plan(command: StartInstallments, policy: PlanPolicy, actor: str, now: datetime) -> Plan:
    return Plan(
        plan_id=plan_id_for(command.request_id),
        request_id=command.request_id,
        fingerprint=fingerprint(
            "start_installments",
            {"client": command.client_id, "method": command.method_id, "count": command.count,
             "invoices": sorted(command.invoice_ids), "start": command.start_date,
             "frequency": command.frequency, "cents": command.seen_cents}
        ),
        kind=PlanKind.INSTALLMENT,
        client_id=command.client_id,
        portal_user_id=getattr(command.actor, "portal_user_id", None),
        name=checked_name(command.name),
        method_id=command.method_id,
        currency=policy.currency,
        frequency=Frequency(command.frequency).value,
        start_date=command.start_date,
        occurrence_limit=command.count,
        total_cents=command.seen_cents,
        receipt_emails=checked_receipts(command.receipt_emails),
        authorised_by=actor,
        authorised_text=AUTHORISED,
        created_by=actor,
        created_at=now,
        updated_at=now,
    )  # fmt: skip
