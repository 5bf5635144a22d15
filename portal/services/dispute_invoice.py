"""Note that a client contests an invoice, and that the matter is settled."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from portal.domain.errors import Invalid, NotFound
from portal.domain.free_text import FreeText, without_card_numbers
from portal.domain.permissions import Principal
from portal.services.collection_access import checked_day, checked_text, reach_client
from portal.services.collections_ports import InvoiceDispute
from portal.services.money_ports import ClientDirectory
from portal.services.ports import Clock, Store, UnitOfWork


@dataclass(frozen=True, kw_only=True)
class DisputeInvoice:
    """The request. Without `until` it holds until somebody settles it."""

    actor: Principal
    client_id: str
    invoice_id: str
    invoice_number: str
    reason: FreeText
    until: date | None = None


@dataclass(frozen=True, kw_only=True)
class SettleDispute:
    """The request: the invoice is no longer contested."""

    actor: Principal
    client_id: str
    invoice_id: str


@without_card_numbers
def dispute_invoice(
    command: DisputeInvoice,
    *,
    store: Store,
    directory: ClientDirectory,
    clock: Clock,
    today: Callable[[datetime], date],
) -> InvoiceDispute:
    """Stop chasing an invoice; a second dispute of the same invoice replaces the first.

    Raises: Denied; NotFound; Invalid.
    """
    reach_client(command.actor, command.client_id, directory)
    now = clock()
    if command.until is not None:
        checked_day(command.until, today(now), "The last day of the dispute")
    reason = checked_text(command.reason, "what the client contests")
    with store.unit_of_work() as uow:
        dispute = open_dispute(
            uow,
            client_id=command.client_id,
            invoice_id=command.invoice_id,
            invoice_number=command.invoice_number,
            reason=reason,
            until=command.until,
            source="staff",
            actor=command.actor,
            now=now,
        )
        uow.commit()
    return dispute


def open_dispute(
    uow: UnitOfWork,
    *,
    client_id: str,
    invoice_id: str,
    invoice_number: str,
    reason: str,
    until: date | None,
    source: str,
    actor: Principal,
    now: datetime,
) -> InvoiceDispute:
    """Let a checked dispute run within a transaction; it replaces one that runs. Audited.

    `source` is whose words they are: staff's or the payer's. Raises: Invalid.
    """
    before = uow.invoice_disputes.running(invoice_id)
    if before is not None and before.client_id != client_id:
        raise Invalid("This invoice belongs to another client.")
    if before is not None:
        uow.invoice_disputes.save(replace(before, closed_by=actor.user_key, closed_at=now))
    dispute = InvoiceDispute(
        dispute_id=uuid.uuid4().hex,
        client_id=client_id,
        invoice_id=invoice_id,
        invoice_number=invoice_number,
        reason=reason,
        until=until,
        source=source,
        opened_by=actor.user_key,
        opened_at=now,
    )
    uow.invoice_disputes.save(dispute)
    _audit(uow, actor, "invoice.disputed", dispute, now)
    return dispute


def settle_dispute(
    command: SettleDispute, *, store: Store, directory: ClientDirectory, clock: Clock
) -> InvoiceDispute:
    """Chase an invoice again.

    Raises: Denied; NotFound where nothing is contested.
    """
    reach_client(command.actor, command.client_id, directory)
    now = clock()
    with store.unit_of_work() as uow:
        before = uow.invoice_disputes.running(command.invoice_id)
        if before is None or before.client_id != command.client_id:
            raise NotFound("This invoice is not disputed in the portal.")
        done = replace(before, closed_by=command.actor.user_key, closed_at=now)
        uow.invoice_disputes.save(done)
        _audit(uow, command.actor, "invoice.dispute_settled", done, now)
        uow.commit()
    return done


def _audit(
    uow: UnitOfWork, actor: Principal, action: str, dispute: InvoiceDispute, now: datetime
) -> None:
    uow.audit.append(
        at=now,
        actor=actor.user_key,
        action=action,
        subject=dispute.client_id,
        detail={"invoice": dispute.invoice_number, "reason": dispute.reason},
    )
