"""Who is told about a payment plan: the payer by mail, and the firm where somebody must act."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from portal.domain.money import format_cents
from portal.services.mail_ports import Letter, LetterKind, Recipient, RecipientRole
from portal.services.money_ports import ClientCard, PaymentMethod
from portal.services.plan_ports import Occurrence, Plan
from portal.services.ports import UnitOfWork


def tell_payer(
    uow: UnitOfWork,
    plan: Plan,
    client: ClientCard,
    event: str,
    lines: Iterable[str],
    *,
    now: datetime,
    key: str,
) -> None:
    """Mail what happened to a plan to those who get its receipts, once per `key`."""
    uow.outbox.add(
        Letter(
            kind=LetterKind.PLAN_NOTICE,
            dedupe_key=f"plan:{plan.plan_id}:{key}",
            recipients=payers_of(plan, client),
            client_id=plan.client_id,
            facts={
                "client_name": client.client_name,
                "plan_name": plan.name,
                "event": event,
                "lines": list(lines),
                **_responsible(client),
            },
        ),
        at=now,
    )


def tell_failure(
    uow: UnitOfWork,
    plan: Plan,
    client: ClientCard,
    occurrence: Occurrence,
    method: PaymentMethod | None,
    reason: str,
    *,
    now: datetime,
) -> None:
    """Mail a failed try to the payer, and to the firm's responsible staff."""
    key = f"{occurrence.occurrence_id}:{occurrence.tries}"
    cents = occurrence.amount_cents or 0
    uow.outbox.add(
        Letter(
            kind=LetterKind.PAYMENT_FAILURE,
            dedupe_key=f"plan-failure:{key}",
            recipients=payers_of(plan, client),
            client_id=plan.client_id,
            facts={
                "client_name": client.client_name,
                "currency": plan.currency,
                "amount_cents": cents,
                "method": method_words(method),
                "reason": reason,
                "plan_name": plan.name,
                **_responsible(client),
            },
        ),
        at=now,
    )
    amount = format_cents(cents, plan.currency)
    alert_staff(
        uow,
        client,
        f"A payment of {amount} of {client.client_name} failed",
        [f"Plan: {plan.name}", f"Method: {method_words(method)}", reason],
        now=now,
        key=f"plan-failure-staff:{key}",
    )


def remind_of_autopay(
    uow: UnitOfWork,
    plan: Plan,
    client: ClientCard,
    occurrence: Occurrence,
    method: PaymentMethod | None,
    invoices: list[Mapping[str, object]],
    *,
    now: datetime,
) -> None:
    """Mail what AutoPay will charge, and when."""
    uow.outbox.add(
        Letter(
            kind=LetterKind.AUTOPAY_REMINDER,
            dedupe_key=f"autopay-reminder:{occurrence.occurrence_id}",
            recipients=payers_of(plan, client),
            client_id=plan.client_id,
            facts={
                "client_name": client.client_name,
                "currency": plan.currency,
                "amount_cents": occurrence.amount_cents or 0,
                "charge_date": occurrence.due_date.isoformat(),
                "method": method_words(method),
                "invoices": invoices,
                **_responsible(client),
            },
        ),
        at=now,
    )


def alert_staff(
    uow: UnitOfWork,
    client: ClientCard,
    headline: str,
    lines: Iterable[str],
    *,
    now: datetime,
    key: str,
) -> None:
    """Mail the client's responsible staff that somebody has to act."""
    if not client.responsible_email:
        return
    to = Recipient(
        address=client.responsible_email,
        name=client.responsible_name,
        role=RecipientRole.TO,
    )
    uow.outbox.add(
        Letter(
            kind=LetterKind.STAFF_ALERT,
            dedupe_key=key,
            recipients=(to,),
            client_id=client.client_id,
            facts={"headline": headline, "lines": list(lines)},
        ),
        at=now,
    )


def audit_plan(
    uow: UnitOfWork,
    action: str,
    plan: Plan,
    *,
    actor: str,
    now: datetime,
    detail: Mapping[str, object] | None = None,
) -> None:
    """Write the one audit row of a change to a plan."""
    uow.audit.append(
        at=now,
        actor=actor,
        action=f"plan.{action}",
        subject=plan.plan_id,
        detail={"client_id": plan.client_id, "kind": plan.kind.value, **(detail or {})},
    )


def payers_of(plan: Plan, client: ClientCard) -> tuple[Recipient, ...]:
    """Those who get the plan's receipts, else the client's billing contacts."""
    addresses = plan.receipt_emails or client.billing_emails
    return tuple(Recipient(address=address, role=RecipientRole.TO) for address in addresses)


def method_words(method: PaymentMethod | None) -> str:
    """A method as people read it."""
    return f"{method.brand} ending {method.last4}" if method else "the saved method"


def day_words(day: date) -> str:
    """A day as people read it."""
    return f"{day:%B} {day.day}, {day.year}"


def _responsible(client: ClientCard) -> dict[str, str]:
    return {
        "responsible_name": client.responsible_name,
        "responsible_email": client.responsible_email,
    }
