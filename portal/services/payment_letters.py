"""Who hears of a payment, its failure or its refund: one mail a person, by the outbox."""

from collections.abc import Iterable
from datetime import date, datetime

from portal.domain.mail_addresses import Recipient, RecipientRole
from portal.services.mail_ports import Attachment, DocumentKind, Letter, LetterKind
from portal.services.money_ports import ClientCard, Payment, PaymentItem, Refund, Source
from portal.services.ports import UnitOfWork
from portal.services.till import Till

_BY_PLANS = frozenset({Source.RECURRING, Source.AUTOPAY, Source.INSTALLMENT})


def send_receipt(
    uow: UnitOfWork, till: Till, payment: Payment, items: Iterable[PaymentItem], at: datetime
) -> None:
    """The payer, the user who took it and, where the firm wants it, the partner hear of it."""
    card = _card(till, payment)
    facts = receipt_facts(payment, items, card, till.policy.day_of(at))
    partner = card.partner_email if card and till.policy.partner_receipts else ""
    _send(uow, LetterKind.RECEIPT, f"receipt:{payment.payment_id}", payment, facts, at, [partner])


def receipt_facts(
    payment: Payment, items: Iterable[PaymentItem], card: ClientCard | None, paid_on: date
) -> dict[str, object]:
    """What a receipt says, in a mail and on paper."""
    return {
        **_facts(payment, card),
        "payment_id": payment.payment_id,
        "fee_cents": payment.fee_cents,
        "paid_on": paid_on.isoformat(),
        "method": method_words(payment),
        "lines": [{"text": _line_words(item), "cents": item.cents} for item in items],
    }


def send_refund(
    uow: UnitOfWork, till: Till, payment: Payment, refund: Refund, at: datetime
) -> None:
    """The payer and the user who asked for the refund hear of it."""
    items = {item.item_id: item for item in uow.payments.items(payment.payment_id)}
    facts = {
        **_facts(payment, _card(till, payment)),
        "amount_cents": refund.amount_cents + refund.fee_cents,
        "payment_id": refund.refund_id,
        "refunded_on": till.policy.day_of(at).isoformat(),
        "lines": [
            {"text": _line_words(items[line.item_id]), "cents": line.cents}
            for line in uow.refunds.items(refund.refund_id)
        ],
    }
    asked = uow.users.find(refund.requested_by)
    _send(
        uow, LetterKind.REFUND, f"refund:{refund.refund_id}", payment, facts, at,
        [asked.email if asked else ""],
    )  # fmt: skip


def send_failure(uow: UnitOfWork, till: Till, payment: Payment, reason: str, at: datetime) -> None:
    """A payment failed when nobody was looking. What plans do about theirs, plans tell."""
    if payment.source in _BY_PLANS:
        return
    facts = {
        **_facts(payment, _card(till, payment)),
        "method": method_words(payment),
        "reason": reason,
    }
    key = f"failure:{payment.payment_id}:{payment.state}"
    _send(uow, LetterKind.PAYMENT_FAILURE, key, payment, facts, at, [])


def method_words(payment: Payment) -> str:
    """The method as people read it: `Visa ending 4242`."""
    name = payment.brand or {"ach": "Bank account"}.get(payment.kind, "Payment method")
    return f"{name} ending {payment.last4}" if payment.last4 else name


def _send(
    uow: UnitOfWork,
    kind: LetterKind,
    key: str,
    payment: Payment,
    facts: dict[str, object],
    at: datetime,
    copies: Iterable[str],
) -> None:
    taker = uow.users.find(payment.taken_by)
    to = dict.fromkeys(
        address.lower() for address in (payment.payer_email, *payment.receipt_emails) if address
    )
    copied = dict.fromkeys(
        address.lower() for address in (*copies, taker.email if taker else "") if address
    )
    recipients = [Recipient(address=address) for address in to]
    role = RecipientRole.BCC if recipients else RecipientRole.TO
    recipients += [Recipient(address=one, role=role) for one in copied if one not in to]
    uow.outbox.add(
        Letter(
            kind=kind,
            dedupe_key=key,
            recipients=tuple(recipients),
            facts=facts,
            client_id=payment.client_id,
            attachments=_attachments(kind, payment),
        ),
        at=at,
    )


def _attachments(kind: LetterKind, payment: Payment) -> tuple[Attachment, ...]:
    if kind is not LetterKind.RECEIPT:
        return ()
    name = f"receipt-{payment.payment_id}.pdf"
    paper = Attachment(kind=DocumentKind.RECEIPT, key=payment.payment_id, file_name=name)
    return (paper,)


def _card(till: Till, payment: Payment) -> ClientCard | None:
    return till.directory.client(payment.client_id) if payment.client_id else None


def _facts(payment: Payment, card: ClientCard | None) -> dict[str, object]:
    facts: dict[str, object] = {
        "client_name": card.client_name if card else payment.payer_name or "You",
        "currency": payment.currency,
        "amount_cents": payment.amount_cents + payment.fee_cents,
    }
    if card and card.responsible_email:
        facts["responsible_name"] = card.responsible_name
        facts["responsible_email"] = card.responsible_email
    return facts


def _line_words(item: PaymentItem) -> str:
    name = f"Invoice {item.invoice_number}" if item.invoice_id else "Payment on account"
    return f"{name} ({item.item_id})"
