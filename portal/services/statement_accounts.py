"""Clients as the decision about statements sees them: what is owed, and what the store knows."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta

from portal.domain.collection_rules import Basis, CollectionRules
from portal.domain.statement_days import Window
from portal.domain.statements import Account, Hold, OpenInvoice, RunningPromise
from portal.services.collections_ports import HoldKind
from portal.services.ports import Store, UnitOfWork
from portal.services.statement_ports import Receivables, Standing


def accounts_reaching(
    windows: Iterable[Window], rules: CollectionRules, store: Store, receivables: Receivables
) -> list[Account]:
    """The clients with an invoice that reaches a trigger's age on one of these days."""
    due_days, invoice_days = _dates(windows, rules)
    found = receivables.accounts_reaching(due_days, invoice_days)
    with store.reading() as view:
        return informed(found, view)


def account_of(client_id: str, store: Store, receivables: Receivables) -> Account | None:
    """One client; None if nothing is open, or it is not shown."""
    found = receivables.accounts([client_id])
    with store.reading() as view:
        known = informed(found, view)
    return known[0] if known else None


def informed(accounts: list[Account], view: UnitOfWork) -> list[Account]:
    """Accounts with what the store knows of them."""
    standing = view.statements.standing([one.client_id for one in accounts])
    invoice_ids = [invoice.invoice_id for one in accounts for invoice in one.invoices]
    pending = view.balances.pending(invoice_ids)
    return [_with(one, standing, pending) for one in accounts]


def _with(account: Account, standing: Standing, pending: Mapping[str, int]) -> Account:
    client_id = account.client_id
    holds = {
        hold.kind: Hold(reason=hold.reason, until=hold.until)
        for hold in standing.holds.get(client_id, ())
    }
    return replace(
        account,
        invoices=tuple(_invoice(client_id, one, standing, pending) for one in account.invoices),
        exclusion=holds.get(HoldKind.EXCLUSION),
        pause=holds.get(HoldKind.PAUSE),
        promises=tuple(
            RunningPromise(
                promised_on=one.promised_on,
                grace_days=one.grace_days,
                amount_cents=one.amount_cents,
                currency=one.currency,
                invoice_id=one.invoice_id,
            )
            for one in standing.promises.get(client_id, ())
        ),
        last_statement_on=standing.last_sent.get(client_id),
        is_waiting=client_id in standing.waiting,
    )


def _invoice(
    client_id: str, invoice: OpenInvoice, standing: Standing, pending: Mapping[str, int]
) -> OpenInvoice:
    dispute = standing.disputes.get(invoice.invoice_id)
    on_its_way = pending.get(invoice.invoice_id, 0)
    in_plan = standing.in_plan_until.get(invoice.invoice_id)
    return replace(
        invoice,
        dispute=Hold(reason=dispute.reason, until=dispute.until) if dispute else invoice.dispute,
        pending_cents=min(max(on_its_way, 0), invoice.open_cents),
        autopay_on=in_plan or standing.autopay_on.get(client_id),
    )


def _dates(windows: Iterable[Window], rules: CollectionRules) -> tuple[set[date], set[date]]:
    """The due dates and invoice dates of invoices that reach an age in one of the windows."""
    due: set[date] = set()
    invoiced: set[date] = set()
    for window in windows:
        days = (window.day - window.after).days
        for offset in range(days):
            reached = window.day - timedelta(days=offset)
            for trigger in rules.triggers:
                into = due if trigger.basis is Basis.DUE else invoiced
                into.add(reached - timedelta(days=trigger.days))
    return due, invoiced
