"""One step in a payment's life: state, timeline and audit row, in one transaction."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from portal.domain.payment_states import PaymentState, check_transition
from portal.services.money_ports import Payment, PaymentEvent
from portal.services.payout_ports import WorkException
from portal.services.ports import UnitOfWork


def move(
    uow: UnitOfWork,
    payment: Payment,
    state: PaymentState,
    *,
    at: datetime,
    actor: str,
    reason: str,
    event_id: str | None = None,
    **changes: Any,
) -> Payment:
    """Take a payment to another state. Returns: the payment as it is now kept.

    Raises: ImpossibleTransition.
    """
    check_transition(payment.state, state)
    moved = replace(payment, state=state, updated_at=at, **changes)
    uow.payments.save(moved)
    note(uow, moved, before=payment.state, at=at, actor=actor, reason=reason, event_id=event_id)
    return moved


def note(
    uow: UnitOfWork,
    payment: Payment,
    *,
    before: PaymentState | None,
    at: datetime,
    actor: str,
    reason: str,
    event_id: str | None = None,
) -> None:
    """Write the step a payment has just taken into its timeline and the audit log."""
    uow.payments.add_event(
        PaymentEvent(
            payment_id=payment.payment_id,
            at=at,
            from_state=before,
            to_state=payment.state,
            actor=actor,
            reason=reason,
            gateway_event_id=event_id,
        )
    )
    uow.audit.append(
        at=at,
        actor=actor,
        action=f"payment.{payment.state}",
        subject=payment.payment_id,
        detail={
            "from": before,
            "client": payment.client_id,
            "amount_cents": payment.amount_cents,
            "captured_cents": payment.captured_cents,
            "refunded_cents": payment.refunded_cents,
            "reason": reason,
        },
    )


def raise_exception(
    uow: UnitOfWork, kind: str, subject: str, *, at: datetime, detail: dict[str, object]
) -> None:
    """Put something that does not fit into the queue that a person works through."""
    opened = uow.exceptions.add(
        WorkException(
            exception_id=f"{kind}:{subject}:{at.timestamp():.6f}",
            kind=kind,
            subject=subject,
            detail=detail,
            opened_at=at,
        )
    )
    if opened:
        uow.audit.append(
            at=at, actor="portal", action=f"exception.{kind}", subject=subject, detail=detail
        )


def raise_once(
    uow: UnitOfWork, kind: str, subject: str, *, at: datetime, detail: dict[str, object]
) -> None:
    """The same for what stays as it is: once a person has resolved it, it is not opened again."""
    if not uow.exceptions.has_been(kind, subject):
        raise_exception(uow, kind, subject, at=at, detail=detail)
