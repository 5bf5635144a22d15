"""A file has come in: find its invoice, keep it, and let the invoice's first mail go."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from portal.domain.errors import Invalid
from portal.domain.invoice_numbers import best_match, possible_numbers
from portal.domain.mail_addresses import one_line
from portal.services.correspondence_ports import Correspondence, InvoiceFiles, WaitingFiles
from portal.services.mail_ports import DocumentState, ReceivedDocument
from portal.services.ports import Clock, Store
from portal.services.send_first_mail import SendFirstMail, send_first_mail

LONGEST_NAME = 255


@dataclass(frozen=True, kw_only=True)
class ReceiveDocument:
    """The request. `source` and `source_key` name the file: it is taken once.

    `received_at` is when it was written or mailed: the newest of an invoice wins.
    """

    source: str
    source_key: str
    file_name: str
    content: bytes = field(repr=False)
    received_at: datetime
    subject: str = ""
    sender: str = ""


@dataclass(frozen=True, kw_only=True)
class Intake:
    """What receiving works with. `first_mail` is off, review or automatic."""

    store: Store
    clock: Clock
    correspondence: Correspondence
    invoices: InvoiceFiles
    waiting: WaitingFiles
    check: Callable[[bytes], None]
    first_mail: str = "review"


def receive_document(command: ReceiveDocument, intake: Intake) -> ReceivedDocument:
    """Take a file in. The same file of the same source changes nothing the second time.

    The file is kept before its row is written, and the row before the first mail: killed in
    between, the next try goes on where this one stopped.
    """
    document = _judged(command, intake)
    with intake.store.reading() as view:
        known = view.documents.find(document.document_id)
        newer = _has_newer(view.documents.of_invoice(document.invoice_id or ""), document)
    if known is None:
        if newer:
            document = _superseded(document)
        _keep_file(document, command.content, intake)
        with intake.store.unit_of_work() as uow:
            uow.documents.add(document)
            uow.commit()
    current = known or document
    if current.state is DocumentState.MATCHED and current.invoice_id:
        mail_first(current.invoice_id, intake)
    return current


def mail_first(invoice_id: str, intake: Intake) -> None:
    """Let the first mail of an invoice go, as the firm wants it."""
    if intake.first_mail == "off":
        return
    send_first_mail(
        SendFirstMail(invoice_id=invoice_id, needs_review=intake.first_mail == "review"),
        store=intake.store,
        clock=intake.clock,
        correspondence=intake.correspondence,
    )


def document_id_of(source: str, source_key: str) -> str:
    """The id of the file of this source; the same at every try."""
    named = f"document:{source}:{source_key}".encode("utf-8", "surrogatepass")
    return hashlib.sha256(named).hexdigest()[:32]


def _judged(command: ReceiveDocument, intake: Intake) -> ReceivedDocument:
    state, reason, invoice = DocumentState.UNMATCHED, "", None
    try:
        intake.check(command.content)
    except Invalid as problem:
        state, reason = DocumentState.REFUSED, str(problem)
    else:
        invoice = _invoice_of(command, intake.correspondence)
        if invoice:
            state = DocumentState.MATCHED
        else:
            reason = "No single invoice has a number that stands in its name or subject."
    return ReceivedDocument(
        document_id=document_id_of(command.source, command.source_key),
        source=command.source,
        source_key=command.source_key,
        file_name=one_line(command.file_name)[:LONGEST_NAME] or "(no name)",
        subject=one_line(command.subject)[:LONGEST_NAME],
        sender=one_line(command.sender)[:LONGEST_NAME],
        sha256=hashlib.sha256(command.content).hexdigest(),
        size=len(command.content),
        state=state,
        received_at=command.received_at,
        invoice_id=invoice[0] if invoice else None,
        invoice_number=invoice[1] if invoice else None,
        reason=reason,
    )


def _invoice_of(command: ReceiveDocument, correspondence: Correspondence) -> tuple[str, str] | None:
    """The invoice of a file: by its own name, else by the subject of the mail it came with."""
    for text in (command.file_name, command.subject):
        known = correspondence.invoices_by_number(possible_numbers(text))
        if match := best_match(text, known):
            return match
    return None


def _has_newer(others: list[ReceivedDocument], document: ReceivedDocument) -> bool:
    return document.state is DocumentState.MATCHED and any(
        one.state is DocumentState.MATCHED and one.received_at > document.received_at
        for one in others
    )


def _superseded(document: ReceivedDocument) -> ReceivedDocument:
    known = {**vars(document), "state": DocumentState.SUPERSEDED}
    return ReceivedDocument(**{**known, "reason": "A newer one had come in already."})


def _keep_file(document: ReceivedDocument, content: bytes, intake: Intake) -> None:
    if document.state is DocumentState.MATCHED and document.invoice_id:
        intake.invoices.keep(document.invoice_id, content)
    elif document.state is DocumentState.UNMATCHED:
        intake.waiting.keep(document.document_id, content)
