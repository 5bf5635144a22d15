"""What a plan payment pays on its day: which invoices, how much of each, read anew each time.

An invoice that was paid by another route in between is left out; more than is payable, or
more than was announced, is never charged.
"""

from dataclasses import dataclass
from datetime import date

from portal.domain.schedules import capped, reminder_date
from portal.services.money_ports import OpenBalance
from portal.services.plan_ports import Occurrence, Plan, PlanInvoice, PlanKind
from portal.services.ports import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class Charge:
    """What is charged: parts of invoices, or an amount without one."""

    invoices: tuple[tuple[str, int], ...] = ()
    unapplied_cents: int = 0

    @property
    def cents(self) -> int:
        """All of it."""
        return sum(cents for _, cents in self.invoices) + self.unapplied_cents


def charge_of(uow: UnitOfWork, plan: Plan, occurrence: Occurrence, buffer_days: int) -> Charge:
    """What an occurrence pays now; nothing where all was paid otherwise.

    AutoPay pays what its reminder announced. Where no reminder went out, because nothing ran
    for days, it pays what was posted by the day of the reminder; the firm is told.
    """
    match plan.kind:
        case PlanKind.RECURRING:
            return Charge(unapplied_cents=occurrence.amount_cents or 0)
        case PlanKind.INSTALLMENT:
            covered = uow.plans.invoices(plan.plan_id)
            return Charge(invoices=_payable(uow, covered, occurrence.amount_cents))
    if occurrence.reminded_at is not None:
        announced = uow.plans.invoices(plan.plan_id)
        return Charge(invoices=_payable(uow, announced, plan.monthly_cap_cents))
    posted_by = reminder_date(occurrence.due_date, buffer_days)
    return Charge(invoices=tuple(invoices_for_autopay(uow, plan, posted_by)))


def invoices_for_autopay(uow: UnitOfWork, plan: Plan, posted_by: date) -> list[tuple[str, int]]:
    """What AutoPay pays of what was posted by a day: the oldest due first, up to the maximum.

    Disputed invoices, and those that an installment plan pays, are left out.
    """
    balances = [
        balance
        for balance in uow.balances.of_client(plan.client_id)
        if balance.currency == plan.currency
        and not balance.is_disputed
        and balance.open_cents > 0
        and balance.invoice_date <= posted_by
    ]
    ids = [balance.invoice_id for balance in balances]
    elsewhere = in_installments(uow, ids)
    payable = uow.balances.payable(ids)
    owed = [
        (balance.invoice_id, payable.get(balance.invoice_id, 0))
        for balance in sorted(balances, key=_oldest_first)
        if balance.invoice_id not in elsewhere and payable.get(balance.invoice_id, 0) > 0
    ]
    return capped(owed, plan.monthly_cap_cents)


def in_installments(uow: UnitOfWork, invoice_ids: list[str]) -> set[str]:
    """Those of the invoices that a running installment plan pays."""
    taken: set[str] = set()
    for each in uow.plans.on_invoices(invoice_ids):
        plan = uow.plans.find(each.plan_id)
        if plan is not None and plan.kind is PlanKind.INSTALLMENT:
            taken.add(each.invoice_id)
    return taken


def _payable(
    uow: UnitOfWork, covered: list[PlanInvoice], most_cents: int | None
) -> tuple[tuple[str, int], ...]:
    ids = [each.invoice_id for each in covered]
    payable = uow.balances.payable(ids)
    balances = {balance.invoice_id: balance for balance in uow.balances.of_invoices(ids)}
    owed = [
        (invoice_id, min(cents, payable.get(invoice_id, 0)))
        for invoice_id, cents in ((each.invoice_id, each.cents) for each in covered)
        if invoice_id in balances and payable.get(invoice_id, 0) > 0
    ]
    owed.sort(key=lambda part: _oldest_first(balances[part[0]]))
    return tuple(capped(owed, most_cents))


def _oldest_first(balance: OpenBalance) -> tuple[object, ...]:
    return (balance.due_date or balance.invoice_date, balance.invoice_date, balance.invoice_id)
