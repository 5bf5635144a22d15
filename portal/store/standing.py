"""What the store knows of clients that decides whether they are written to."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from sqlalchemy import Connection, func, select

from portal.domain.promises import PromiseState
from portal.services.collections_ports import ClientHold, HoldKind, InvoiceDispute, Promise
from portal.services.plan_ports import OccurrenceState, PlanKind, PlanState
from portal.services.statement_ports import Standing, StatementState
from portal.store.collections_tables import client_holds, invoice_disputes, promises, statements
from portal.store.plan_tables import occurrences, plan_invoices, plans

_BATCH = 5_000
_COMING = (
    OccurrenceState.SCHEDULED,
    OccurrenceState.RUNNING,
    OccurrenceState.PROCESSING,
)
"""Occurrences that charge, or have charged and are not through yet."""


def read_standing(connection: Connection, client_ids: Iterable[str]) -> Standing:
    """Read the holds, promises, disputes and last statements of some clients."""
    holds: dict[str, list[ClientHold]] = {}
    running: dict[str, list[Promise]] = {}
    disputes: dict[str, InvoiceDispute] = {}
    last_sent: dict[str, date] = {}
    waiting: set[str] = set()
    autopay_on: dict[str, date] = {}
    in_plan_until: dict[str, date] = {}
    for some in _batches(client_ids):
        for row in connection.execute(
            select(client_holds).where(
                client_holds.c.ended_at.is_(None), client_holds.c.client_id.in_(some)
            )
        ):
            hold = ClientHold(**{**row._mapping, "kind": HoldKind(row.kind)})
            holds.setdefault(hold.client_id, []).append(hold)
        for row in connection.execute(
            select(promises).where(
                promises.c.state == PromiseState.OPEN, promises.c.client_id.in_(some)
            )
        ):
            promise = Promise(**{**row._mapping, "state": PromiseState(row.state)})
            running.setdefault(promise.client_id, []).append(promise)
        for row in connection.execute(
            select(invoice_disputes).where(
                invoice_disputes.c.closed_at.is_(None), invoice_disputes.c.client_id.in_(some)
            )
        ):
            disputes[row.invoice_id] = InvoiceDispute(**row._mapping)
        last_sent.update(_last_sent(connection, some))
        autopay_on.update(_autopay(connection, some))
        in_plan_until.update(_installments(connection, some))
        waiting.update(
            connection.execute(
                select(statements.c.client_id).where(
                    statements.c.state == StatementState.STAGED, statements.c.client_id.in_(some)
                )
            ).scalars()
        )
    return Standing(
        holds=holds,
        promises=running,
        disputes=disputes,
        last_sent=last_sent,
        waiting=frozenset(waiting),
        autopay_on=autopay_on,
        in_plan_until=in_plan_until,
    )


def _last_sent(connection: Connection, client_ids: Sequence[str]) -> dict[str, date]:
    """A reviewed statement counts on the day it went out, not on the day it was staged."""
    sent = select(
        statements.c.client_id,
        func.max(statements.c.sent_on),
    ).where(statements.c.state == StatementState.SENT, statements.c.client_id.in_(client_ids))
    found = connection.execute(sent.group_by(statements.c.client_id))
    return dict(found.all())


def _autopay(connection: Connection, client_ids: Sequence[str]) -> dict[str, date]:
    """When the AutoPay of clients charges next."""
    asked = (
        select(plans.c.client_id, func.min(occurrences.c.due_date))
        .join(occurrences, occurrences.c.plan_id == plans.c.plan_id)
        .where(
            plans.c.kind == PlanKind.AUTOPAY,
            plans.c.state == PlanState.ACTIVE,
            occurrences.c.state.in_(_COMING),
            plans.c.client_id.in_(client_ids),
        )
        .group_by(plans.c.client_id)
    )
    return dict(connection.execute(asked).all())  # type: ignore[arg-type]


def _installments(connection: Connection, client_ids: Sequence[str]) -> dict[str, date]:
    """The last day of the installment plans that invoices of clients are in."""
    asked = (
        select(plan_invoices.c.invoice_id, func.max(occurrences.c.due_date))
        .join(plans, plans.c.plan_id == plan_invoices.c.plan_id)
        .join(occurrences, occurrences.c.plan_id == plans.c.plan_id)
        .where(
            plans.c.kind == PlanKind.INSTALLMENT,
            plans.c.state == PlanState.ACTIVE,
            occurrences.c.state.in_(_COMING),
            plans.c.client_id.in_(client_ids),
        )
        .group_by(plan_invoices.c.invoice_id)
    )
    return dict(connection.execute(asked).all())  # type: ignore[arg-type]


def _batches(client_ids: Iterable[str]) -> Iterator[list[str]]:
    everybody = list(client_ids)
    for first in range(0, len(everybody), _BATCH):
        yield everybody[first : first + _BATCH]
