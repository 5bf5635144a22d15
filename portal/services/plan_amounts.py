"""What a plan payment pays on its day: which invoices, how much of each, read anew each time.

An invoice that was paid by another route in between is left out, and a disputed one, whether
the firm's own system or the portal says so; more than is payable, or more than was announced,
is never charged.
"""

from collections.abc import Iterable
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
    waits_for: tuple[str, ...] = ()
    """Numbers of the disputed invoices an installment would pay: nothing is charged meanwhile."""

    @property
    def cents(self) -> int:
        """All of it."""
        return sum(cents for _, cents in self.invoices) + self.unapplied_cents


def charge_of(
    uow: UnitOfWork, plan: Plan, occurrence: Occurrence, today: date, buffer_days: int
) -> Charge:
    """What an occurrence pays now; nothing where all was paid otherwise.

    AutoPay pays what its reminder announced. Where no reminder went out, because nothing ran
    for days, it pays what was posted by the day of the reminder; the firm is told.
    """
    match plan.kind:
        case PlanKind.RECURRING:
            return Charge(unapplied_cents=occurrence.amount_cents or 0)
        case PlanKind.INSTALLMENT:
            return _installment(uow, plan, occurrence, today)
    if occurrence.reminded_at is not None:
        announced = _payable(uow, uow.plans.invoices(plan.plan_id))
        contested = disputed(uow, plan.client_id, [balance for balance, _ in announced], today)
        owed = _parts(part for part in announced if part[0].invoice_id not in contested)
        return Charge(invoices=tuple(capped(owed, plan.monthly_cap_cents)))
    posted_by = reminder_date(occurrence.due_date, buffer_days)
    return Charge(invoices=tuple(invoices_for_autopay(uow, plan, posted_by, today)))


def invoices_for_autopay(
    uow: UnitOfWork, plan: Plan, posted_by: date, today: date
) -> list[tuple[str, int]]:
    """What AutoPay pays of what was posted by a day: the oldest due first, up to the maximum.

    Disputed invoices, and those that an installment plan pays, are left out.
    """
    balances = [
        balance
        for balance in uow.balances.of_client(plan.client_id)
        if balance.currency == plan.currency
        and balance.open_cents > 0
        and balance.invoice_date <= posted_by
    ]
    ids = [balance.invoice_id for balance in balances]
    left_out = in_installments(uow, ids) | disputed(uow, plan.client_id, balances, today)
    payable = uow.balances.payable(ids)
    owed = [
        (balance.invoice_id, payable.get(balance.invoice_id, 0))
        for balance in sorted(balances, key=_oldest_first)
        if balance.invoice_id not in left_out and payable.get(balance.invoice_id, 0) > 0
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


def disputed(
    uow: UnitOfWork, client_id: str, balances: Iterable[OpenBalance], today: date
) -> set[str]:
    """Those of a client's invoices that the firm's own system, or the portal, calls disputed."""
    said_here = {
        dispute.invoice_id
        for dispute in uow.invoice_disputes.of_client(client_id)
        if dispute.runs_on(today)
    }
    return {
        balance.invoice_id
        for balance in balances
        if balance.is_disputed or balance.invoice_id in said_here
    }


def _installment(uow: UnitOfWork, plan: Plan, occurrence: Occurrence, today: date) -> Charge:
    """Its amount, of the invoices nobody disputes; it waits where these are not enough for it.

    Charging less would leave the plan short of what was agreed once the dispute is settled.
    """
    owed = _payable(uow, uow.plans.invoices(plan.plan_id))
    contested = disputed(uow, plan.client_id, [balance for balance, _ in owed], today)
    wanted = capped(_parts(owed), occurrence.amount_cents)
    free = [part for part in owed if part[0].invoice_id not in contested]
    paid = capped(_parts(free), occurrence.amount_cents)
    if sum(cents for _, cents in paid) < sum(cents for _, cents in wanted):
        numbers = [balance.invoice_number for balance, _ in owed if balance.invoice_id in contested]
        return Charge(waits_for=tuple(numbers))
    return Charge(invoices=tuple(paid))


def _payable(uow: UnitOfWork, covered: list[PlanInvoice]) -> list[tuple[OpenBalance, int]]:
    """What of the covered parts is still payable, the oldest due first."""
    ids = [each.invoice_id for each in covered]
    payable = uow.balances.payable(ids)
    balances = {balance.invoice_id: balance for balance in uow.balances.of_invoices(ids)}
    owed = [
        (balances[each.invoice_id], min(each.cents, payable[each.invoice_id]))
        for each in covered
        if each.invoice_id in balances and payable.get(each.invoice_id, 0) > 0
    ]
    return sorted(owed, key=lambda part: _oldest_first(part[0]))


def _parts(owed: Iterable[tuple[OpenBalance, int]]) -> list[tuple[str, int]]:
    return [(balance.invoice_id, cents) for balance, cents in owed]


def _oldest_first(balance: OpenBalance) -> tuple[object, ...]:
    return (balance.due_date or balance.invoice_date, balance.invoice_date, balance.invoice_id)
