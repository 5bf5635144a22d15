"""Invoices as a letter: whom it is written to, what it says, what is attached."""

import re
from collections.abc import Sequence

from portal.domain.errors import Denied, NotFound
from portal.domain.mail_addresses import Recipient
from portal.domain.permissions import Permission, Principal
from portal.services.collection_access import is_in_scope
from portal.services.correspondence_ports import Correspondence, MailContact, MailInvoice
from portal.services.mail_ports import Attachment, DocumentKind, Letter, LetterKind

_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9_-]+", re.ASCII)


def invoice_letter(
    invoices: Sequence[MailInvoice],
    recipients: tuple[Recipient, ...],
    *,
    dedupe_key: str,
    created_by: str,
    message: str = "",
    pending: dict[str, int] | None = None,
    needs_review: bool = False,
) -> Letter:
    """The 1-click mail about invoices of one client in one currency."""
    first = invoices[0]
    on_its_way = pending or {}
    owed = {one.invoice_id: one.open_cents - on_its_way.get(one.invoice_id, 0) for one in invoices}
    return Letter(
        kind=LetterKind.INVOICE,
        dedupe_key=dedupe_key,
        recipients=recipients,
        client_id=first.client_id,
        facts={
            "client_name": first.client_name,
            "client_number": first.client_number,
            "currency": first.currency,
            "open_cents": sum(owed.values()),
            "invoices": [
                {
                    "invoice_id": one.invoice_id,
                    "invoice_number": one.invoice_number,
                    "due_date": one.due_date.isoformat() if one.due_date else None,
                    "open_cents": owed[one.invoice_id],
                }
                for one in invoices
            ],
            "message": message,
            "responsible_name": first.responsible_name,
            "responsible_email": first.responsible_email,
        },
        attachments=tuple(
            Attachment(
                kind=DocumentKind.INVOICE,
                key=one.invoice_id,
                file_name=f"{safe_name(one.invoice_number)}.pdf",
            )
            for one in invoices
        ),
        pay_scope=tuple(one.invoice_id for one in invoices),
        reply_to=first.responsible_email or None,
        created_by=created_by,
        needs_review=needs_review,
    )


def for_invoices(contacts: Sequence[MailContact]) -> tuple[Recipient, ...]:
    """The contacts who receive invoices, as recipients."""
    return tuple(
        Recipient(address=one.email, name=one.full_name)
        for one in contacts
        if one.receives_invoices
    )


def reach_invoice(actor: Principal, invoice_id: str, correspondence: Correspondence) -> MailInvoice:
    """The invoice, if this person may write about it.

    Raises: Denied; NotFound for one that does not exist or is of somebody else's client.
    """
    actor.require(Permission.RESEND_INVOICE)
    invoice = correspondence.invoice(invoice_id)
    if invoice is None or not is_in_scope(actor, invoice.partner_id, invoice.manager_id):
        raise NotFound("There is no such invoice.")
    return invoice


def may_reach(actor: Principal, invoice_id: str, correspondence: Correspondence) -> bool:
    """Whether this person may write about this invoice."""
    try:
        reach_invoice(actor, invoice_id, correspondence)
    except (Denied, NotFound):
        return False
    return True


def safe_name(invoice_number: str) -> str:
    """What an attached invoice is called; nothing in its number can break out of a head."""
    safe = _NOT_IN_A_NAME.sub("-", invoice_number).strip("-")[:60]
    return f"Invoice-{safe}" if safe else "Invoice"
