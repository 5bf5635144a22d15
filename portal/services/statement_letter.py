"""A statement as a letter: whom it is written to, and every fact its mail and its PDF need."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from portal.domain.collection_rules import Message
from portal.domain.mail_addresses import Recipient, RecipientRole
from portal.domain.statements import Account, Addressee, OpenInvoice
from portal.services.invoice_letter import safe_name
from portal.services.mail_ports import Attachment, DocumentKind, Letter, LetterKind
from portal.services.statement_ports import Statement

MOST_INVOICE_PDFS = 20
"""Of one statement: a mail with more is refused by many servers, or read by nobody."""


@dataclass(frozen=True, kw_only=True)
class Sender:
    """The firm that writes, and whether the PDF of an invoice has come in."""

    firm_name: str
    has_pdf: Callable[[str], bool] = lambda invoice_id: False


def statement_letter(
    statement: Statement,
    account: Account,
    message: Message,
    sender: Sender,
    day: date,
    *,
    with_invoices: bool = False,
) -> Letter:
    """The letter of a statement over all that is open, but what somebody took off it.

    `with_invoices` attaches the PDFs of the invoices it lists as well.
    """
    shown = shown_invoices(account, statement.currency, statement.left_out)
    overdue = sum(one.owed_cents for one in shown if one.days_overdue(day) > 0)
    responsible = account.responsible or Addressee(email="")
    facts = {
        "client_name": account.client_name,
        "client_number": account.client_number,
        "currency": statement.currency,
        "open_cents": sum(one.owed_cents for one in shown),
        "overdue_cents": overdue,
        "credit_cents": account.credit_cents.get(statement.currency, 0),
        "as_of": day.isoformat(),
        "invoices": [invoice_line(one, day) for one in shown],
        "subject": message.subject.replace("{firm}", sender.firm_name),
        "message": message.text.replace("{firm}", sender.firm_name),
        "responsible_name": responsible.name,
        "responsible_email": responsible.email,
    }
    return Letter(
        kind=LetterKind.STATEMENT,
        dedupe_key=f"statement:{statement.statement_id}",
        recipients=recipients_of(statement),
        facts=facts,
        client_id=statement.client_id,
        attachments=(
            Attachment(
                kind=DocumentKind.STATEMENT,
                key=statement.statement_id,
                file_name=f"Statement {day.isoformat()}.pdf",
            ),
            *(_invoice_pdfs(shown, sender) if with_invoices else ()),
        ),
        pay_scope=(),
        reply_to=responsible.email or None,
        created_by=statement.decided_by or "portal",
    )


def _invoice_pdfs(shown: Sequence[OpenInvoice], sender: Sender) -> Iterator[Attachment]:
    """The PDFs that have come in, of the oldest invoices first; none is ever made for a firm."""
    known = (one for one in shown if sender.has_pdf(one.invoice_id))
    for one in islice(known, MOST_INVOICE_PDFS):
        yield Attachment(
            kind=DocumentKind.INVOICE,
            key=one.invoice_id,
            file_name=f"{safe_name(one.invoice_number)}.pdf",
        )


def shown_invoices(account: Account, currency: str, left_out: Iterable[str]) -> list[OpenInvoice]:
    """What a statement lists: everything open in its currency, the oldest due date first."""
    without = set(left_out)
    shown = [
        one
        for one in account.invoices
        if one.currency == currency and one.invoice_id not in without
    ]
    return sorted(shown, key=lambda one: (one.due_date or date.max, one.invoice_id))


def recipients_of(statement: Statement) -> tuple[Recipient, ...]:
    """Whom a statement is written and copied to."""
    return tuple(
        Recipient(address=email, name=name, role=role)
        for people, role in (
            (statement.to_people, RecipientRole.TO),
            (statement.cc_people, RecipientRole.CC),
            (statement.bcc_people, RecipientRole.BCC),
        )
        for email, name in people
    )


def invoice_line(invoice: OpenInvoice, day: date) -> dict[str, object]:
    """An invoice as a letter's or a statement's facts list it."""
    return {
        "invoice_id": invoice.invoice_id,
        "invoice_number": invoice.invoice_number,
        "invoice_date": invoice.invoice_date.isoformat() if invoice.invoice_date else None,
        "due_date": invoice.due_date.isoformat() if invoice.due_date else None,
        "days_overdue": invoice.days_overdue(day),
        "open_cents": invoice.open_cents,
        "pending_cents": invoice.pending_cents,
        "is_disputed": invoice.dispute is not None and invoice.dispute.holds(day),
    }
